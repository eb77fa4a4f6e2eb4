import { dirname } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { namePlaces, parseFileName } from "./folder-names.ts";

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const stream = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join("-"));
const run = fc.stringMatching(/^[0-9][A-Za-z0-9-]{0,12}$/);
const extension = fc.constantFrom(".json", ".ndjson");

function pathOf(name: string, more: { run?: string; append?: boolean; gzip?: boolean } = {}) {
  const { gzip, ...rest } = more;
  const streams = [{ name, columns: [] }];
  const options = { destination: "folder", streams, options: { gzip }, run: "first", force: false };
  return namePlaces({ ...options, ...rest }, ".ndjson").get(name)!;
}

test("namePlaces() names files after streams and runs", () => {
  const added = { run: "20260101T000000Z-0a1b", append: true };
  expect(pathOf("events")).toEqual({
    path: "folder/events.ndjson",
    other: "folder/events.ndjson.gz",
  });
  expect(pathOf("issue-tags", { gzip: true })).toEqual({
    path: "folder/issue-tags.ndjson.gz",
    other: "folder/issue-tags.ndjson",
  });
  expect(pathOf("events", added).path).toBe("folder/events-20260101T000000Z-0a1b.ndjson");
});

test("parseFileName() gives back what namePlaces() was given", () => {
  fc.assert(
    fc.property(
      fc.record({ stream, run, append: fc.boolean(), gzip: fc.boolean(), part: fc.boolean() }),
      extension,
      (file, extension) => {
        const streams = [{ name: file.stream, columns: [] }];
        const { run, append, gzip } = file;
        const options = { destination: "", streams, options: { gzip }, run, append, force: false };
        const { path } = namePlaces(options, extension).get(file.stream)!;
        const name = file.part ? `${path}.part` : path;
        expect(parseFileName(name, extension)).toEqual({
          name,
          stream: file.stream,
          ...(append && { run }),
          part: file.part,
        });
        expect(parseFileName(name, extension === ".json" ? ".ndjson" : ".json")).toBeUndefined();
      },
    ),
  );
});

test("namePlaces() takes no path from a value", () => {
  const text = fc.oneof(fc.string(), fc.constantFrom("..", "a/b", "../a", "A", "a.b", "a\n", "-a"));
  fc.assert(
    fc.property(text, text, (name, run) => {
      try {
        expect(dirname(pathOf(name, { run, append: true }).path)).toBe("folder");
      } catch (error) {
        expect(error).toMatchObject({ code: "OUTPUT_INVALID", kind: "usage" });
      }
    }),
  );
});

test.each(["", "Events", "a_b", "a--b", "-a", "a-", "a-1", "a/b", "..", "a.ndjson", "é", "a\n"])(
  "namePlaces() refuses the stream %j",
  (name) => {
    expect(() => pathOf(name)).toThrow(`Cannot name a file after the stream "${name}"`);
  },
);

test.each(["", "first", "1/2", "1.2", "../1", "1 2", "1\n"])(
  "namePlaces() refuses the run %j where it names a file",
  (run) => {
    expect(() => pathOf("events", { run, append: true })).toThrow(`after the run "${run}"`);
    expect(pathOf("events", { run }).path).toBe("folder/events.ndjson");
  },
);

test.each([
  "notes.txt",
  "events",
  ".ndjson",
  "Events.ndjson",
  "events.ndjson.decant",
  "a.b.ndjson",
])("parseFileName() knows no %s", (name) => {
  expect(parseFileName(name, ".ndjson")).toBeUndefined();
});
