import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "./parse-json.ts";
import { splitJsonArray } from "./split-json-array.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Splits first, so that what the parser would refuse has to be refused by then. */
function read(bytes: Uint8Array): unknown[] {
  const pieces = splitJsonArray(bytes);
  try {
    return pieces.map(parseJson);
  } catch (cause) {
    return [new Error("a piece was let through that is no JSON", { cause })];
  }
}

function split(text: string): string[] {
  return splitJsonArray(encoder.encode(text)).map((piece) => decoder.decode(piece));
}

/** JSON text with white space, line breaks and escapes in all the places where they may be. */
const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => {
  const space = fc.constantFrom("", "", "", " ", "\n", "\r\n", "\t", " \n\r ");
  const spaced = (inner: fc.Arbitrary<string>) =>
    fc.tuple(space, inner, space).map((parts) => parts.join(""));
  const escaped = fc.constantFrom(
    ...[
      '\\"',
      "\\\\",
      "\\/",
      "\\b",
      "\\n",
      "\\r",
      "\\u0000",
      "\\u2028",
      "\\ud83d\\ude00",
      "\\ud800",
    ],
  );
  const text = fc
    .array(fc.oneof(fc.string({ unit: "grapheme" }).map(escapeAll), escaped, fc.constant("[]{},:")))
    .map((parts) => `"${parts.join("")}"`);
  const number = fc.constantFrom("0", "-0", "1.0", "1e5", "9007199254740993", "-12.5E-3");
  const value = tie("value") as fc.Arbitrary<string>;
  const array = fc.array(spaced(value), { maxLength: 4 }).map((items) => `[${items.join(",")}]`);
  const member = fc.tuple(spaced(text), spaced(value)).map((pair) => pair.join(":"));
  const object = fc.array(member, { maxLength: 4 }).map((items) => `{${items.join(",")}}`);
  const leaf = fc.oneof(text, number, fc.constantFrom("true", "false", "null"));
  return { value: fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf, array, object) };
}).value;

const arrayText = fc
  .array(fc.tuple(fc.constantFrom("", " ", "\n\t"), jsonText), { maxLength: 6 })
  .map((items) => `[${items.map((parts) => parts.join("")).join(",")}]`);

function escapeAll(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

test("splitJsonArray() finds the elements that JSON.parse() finds", () => {
  fc.assert(
    fc.property(arrayText, (text) => {
      expect(read(encoder.encode(text))).toEqual(JSON.parse(text));
    }),
    { numRuns: 300 },
  );
});

test("splitJsonArray() agrees with JSON.parse() on text with one place spoilt", () => {
  const spoil = fc.tuple(arrayText, fc.nat(), fc.constantFrom(...'[]{}",:\\ 1\n'), fc.boolean());
  fc.assert(
    fc.property(spoil, ([text, at, by, replace]) => {
      const place = at % (text.length + 1);
      const spoilt = text.slice(0, place) + by + text.slice(place + (replace ? 1 : 0));
      const expected = attempt(() => JSON.parse(spoilt.toWellFormed()) as unknown);
      const actual = attempt(() => read(encoder.encode(spoilt)));
      expect(actual).toEqual(Array.isArray(expected) ? expected : undefined);
    }),
    { numRuns: 1_000 },
  );
});

test("splitJsonArray() leaves an element's bytes alone but for line breaks between tokens", () => {
  fc.assert(
    fc.property(fc.array(jsonText, { maxLength: 4 }), (texts) => {
      const pieces = split(`[${texts.join(",")}]`);
      expect(pieces).toEqual(texts.map((text) => text.trim().replaceAll(/[\r\n]/g, "")));
    }),
  );
});

test("splitJsonArray() copies nothing without need", () => {
  const bytes = encoder.encode('[{"a":"\\n"}, 1 ]');
  for (const piece of splitJsonArray(bytes)) expect(piece.buffer).toBe(bytes.buffer);
});

test("splitJsonArray() refuses each cut-off beginning", () => {
  fc.assert(
    fc.property(arrayText, (text) => {
      const bytes = encoder.encode(text);
      for (let length = 0; length < bytes.length; length++) {
        expect(() => read(bytes.subarray(0, length))).toThrow();
      }
    }),
    { numRuns: 50 },
  );
});

test.each(["[1]x", "[1][2]", "[1],", "[1]]", "[1]}", "[,]", "[1,]", "[,1]", "[1,,2]", "[1 2]"])(
  "splitJsonArray() refuses %s",
  (text) => expect(() => read(encoder.encode(text))).toThrow(),
);

test.each(["", " ", "{}", "null", '"[]"', "\u{feff}[]", "[\u{feff}1]", "[1}", "[{]", '["'])(
  "splitJsonArray() refuses %j",
  (text) => expect(() => read(encoder.encode(text))).toThrow(),
);

test("splitJsonArray() refuses invalid UTF-8", () => {
  const bad = [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf]];
  for (const bytes of bad) {
    expect(() => read(new Uint8Array([0x5b, 0x22, ...bytes, 0x22, 0x5d]))).toThrow();
  }
});

test("splitJsonArray() takes ten thousand levels", () => {
  const deep = "[".repeat(10_000) + "]".repeat(10_000);
  expect(split(`[${deep}, 1]`)).toEqual([deep, "1"]);
  expect(() => split(`[${deep}`)).toThrow("cut off");
});

test("splitJsonArray() follows backslashes in long strings", () => {
  for (let length = 0; length < 80; length++) {
    for (const tail of ["", '\\"', "\\\\", '\\\\\\"', `${"\\\\".repeat(20)}\\",`]) {
      const text = `"${"x".repeat(length)}${tail}${"y".repeat(length % 3)}"`;
      expect(split(`[${text},${text}]`)).toEqual([text, text]);
    }
  }
});

function attempt<T>(task: () => T): T | undefined {
  try {
    return task();
  } catch {
    return undefined;
  }
}
