import { expect, test } from "vitest";
import { namePlaces, parseName } from "./names.ts";
import { remainderOwner, remainderPrefix } from "./remainder.ts";

const base = { destination: "", options: {}, force: false, run: "20260131T120000Z-0a1b" };
const streams = ["events", "check-ins"].map((name) => ({ name, columns: [] }));

test("namePlaces() gives names that parseName() reads", () => {
  for (const append of [false, true]) {
    for (const gzip of [false, true]) {
      const places = namePlaces("a/b", { ...base, streams, append, options: { gzip } });
      for (const [stream, { key, other }] of places) {
        const run = append ? { run: base.run } : {};
        expect(parseName("a/b", key)).toEqual({ key, stream, ...run });
        expect(parseName("a/b/", other)).toEqual({ key: other, stream, ...run });
        expect(key.endsWith(".gz")).toBe(gzip);
        expect(remainderOwner(`${remainderPrefix(key)}id-00001`)).toBe(key);
      }
    }
  }
  for (const key of ["a/b/x/events.ndjson", "a/events.ndjson", "a/b/Events.ndjson", "a/b/x.json"]) {
    expect(parseName("a/b", key)).toBeUndefined();
  }
});

test("namePlaces() lets no path come from a name", () => {
  const invalid = expect.objectContaining({ code: "OUTPUT_INVALID" });
  for (const name of ["../x", "a/b", "A", "", "1a"]) {
    expect(() => namePlaces("f", { ...base, streams: [{ name, columns: [] }] })).toThrow(invalid);
  }
  const run = "../x";
  expect(() => namePlaces("f", { ...base, streams, append: true, run })).toThrow(invalid);
});
