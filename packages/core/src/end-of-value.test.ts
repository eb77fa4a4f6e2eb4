import fc from "fast-check";
import { expect, test } from "vitest";
import { endOfValue, type JsonMember, skipJsonSpace } from "./end-of-value.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function accepts(text: string): boolean {
  const bytes = encoder.encode(text);
  try {
    const end = endOfValue(bytes, skipJsonSpace(bytes, 0));
    return skipJsonSpace(bytes, end) === bytes.length;
  } catch {
    return false;
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const spaced = fc
  .tuple(fc.json(), fc.constantFrom(undefined, 1, "\t"))
  .map(([json, indent]) => JSON.stringify(JSON.parse(json), undefined, indent));

test("endOfValue() accepts what JSON.parse() accepts", () => {
  fc.assert(fc.property(spaced, (text) => accepts(` ${text}\n`)));
});

test("endOfValue() agrees with JSON.parse() on text with one place spoilt", () => {
  const by = fc.constantFrom(...'[]{}",:\\ 01-+.eEtnu\n\u0000x');
  fc.assert(
    fc.property(spaced, fc.nat(), by, fc.boolean(), (text, at, character, replace) => {
      const place = at % (text.length + 1);
      const spoilt = text.slice(0, place) + character + text.slice(place + (replace ? 1 : 0));
      fc.pre(spoilt.isWellFormed());
      expect(accepts(spoilt)).toBe(parses(spoilt));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  "01",
  "1.",
  ".5",
  "1e",
  "+1",
  "--1",
  "tru",
  "nulll",
  "NaN",
  '"\\x"',
  '"\\u12g4"',
  '"\t"',
])("endOfValue() refuses %j", (text) => expect(accepts(text)).toBe(false));

test("endOfValue() tells the members of the outermost object alone", () => {
  const text = '{"a": [{"b":1}], "c\\"d" : 2.50 ,"a":"x"}';
  const bytes = encoder.encode(text);
  const members: string[][] = [];
  function onMember({ keyStart, keyEnd, start, end }: JsonMember): void {
    members.push([text.slice(keyStart, keyEnd), decoder.decode(bytes.subarray(start, end))]);
  }
  expect(endOfValue(bytes, 0, onMember)).toBe(text.length);
  expect(members).toEqual([
    ['"a"', '[{"b":1}]'],
    ['"c\\"d"', "2.50"],
    ['"a"', '"x"'],
  ]);
});

test("endOfValue() takes any depth", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  expect(accepts(deep)).toBe(true);
  expect(accepts(deep.slice(1))).toBe(false);
});
