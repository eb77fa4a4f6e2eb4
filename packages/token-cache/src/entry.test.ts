import fc from "fast-check";
import { expect, test } from "vitest";
import { type Entry, formatEntry, parseEntry } from "./entry.ts";

const time = fc.integer({ min: 0, max: 8.64e15 });
const entries: fc.Arbitrary<Entry> = fc
  .record({
    mintedAt: time,
    token: fc.record(
      {
        value: fc.string({ unit: "binary" }),
        type: fc.string(),
        expiresAt: time.map((ms) => new Date(ms)),
        scopes: fc.array(fc.string()),
        principal: fc.string(),
      },
      { requiredKeys: ["value", "type", "expiresAt"] },
    ),
  })
  .map((entry) => entry as Entry);

test("parseEntry() gives back what formatEntry() was given", () => {
  fc.assert(
    fc.property(entries, fc.string(), (entry, name) => {
      // A lone half of a surrogate pair cannot be written as UTF-8, which files are.
      const text = new TextDecoder().decode(new TextEncoder().encode(formatEntry(name, entry)));
      expect(parseEntry(name, text)).toEqual(entry);
    }),
  );
});

test("parseEntry() takes nothing that was cut, changed, or put elsewhere", () => {
  fc.assert(
    fc.property(entries, fc.nat(), fc.string({ minLength: 1 }), (entry, at, other) => {
      const text = formatEntry("name", entry);
      const place = at % text.length;
      expect(parseEntry("name", text.slice(0, place))).toBeUndefined();
      expect(parseEntry("name", text + other)).toBeUndefined();
      expect(parseEntry("name", text.slice(0, place) + other + text.slice(place))).toBeUndefined();
      if (text[place] !== other[0]) {
        const changed = text.slice(0, place) + other[0] + text.slice(place + 1);
        expect(parseEntry("name", changed)).toBeUndefined();
      }
      expect(parseEntry(`name${other}`, text)).toBeUndefined();
    }),
  );
});

test("parseEntry() takes no other version, and no text at all", () => {
  const token = { value: "secret", type: "Bearer", expiresAt: new Date(9) };
  const text = formatEntry("name", { token, mintedAt: 1 });
  expect(text).toMatch(/^decant-token 1 [0-9a-f]{64}\n/);
  expect(parseEntry("name", text.replace("decant-token 1", "decant-token 2"))).toBeUndefined();
  fc.assert(fc.property(fc.string(), (any) => parseEntry("name", any) === undefined));
});
