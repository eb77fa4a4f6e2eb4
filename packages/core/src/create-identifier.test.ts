import fc from "fast-check";
import { expect, test } from "vitest";
import { createIdentifier } from "./create-identifier.ts";
import { joinId } from "./join-id.ts";
import { pickPath } from "./pick-path.ts";
import type { Stream } from "./stream.ts";

const encoder = new TextEncoder();

function identify(text: string, stream: Pick<Stream, "id" | "time">): object {
  return createIdentifier(stream).identify(encoder.encode(text));
}

const event = {
  id: [
    [["projectID"], ["project_id"]],
    [["eventID"], ["event_id"]],
  ],
  time: [["dateCreated"], ["startTimestamp"]],
};

test("createIdentifier() takes the first path of each part that leads to text or a number", () => {
  expect(identify('{"projectID":null,"project_id":7,"eventID":"ab12"}', event)).toEqual({
    id: "7/ab12",
  });
  expect(identify('{"projectID":"","project_id":[],"eventID":"ab12"}', event)).toEqual({});
  expect(identify('{"projectID":9007199254740993,"event_id":1.0}', event)).toEqual({
    id: "9007199254740993/1.0",
  });
});

test("createIdentifier() takes of members of one name the last, however it is written", () => {
  const id = [[["k", "n"]]];
  expect(identify('{"k":1,"\\u006b":{"n":1,"\\u006e":2}}', { id })).toEqual({ id: "2" });
  expect(identify(' {"ä":"\\u00e4"}', { id: [[["ä"]]] })).toEqual({ id: "ä" });
});

test("createIdentifier() follows the names of pairs", () => {
  const id = [[["tags", "release"]]];
  expect(
    identify('{"tags":[{"key":"a","value":"1"},{"value":2,"key":"release"}]}', { id }),
  ).toEqual({ id: "2" });
  expect(identify('{"tags":[[ "a", 1 ],["release" , "x/y"]]}', { id })).toEqual({ id: "x/y" });
  expect(identify('{"tags":[1,[],{},"release"]}', { id })).toEqual({});
});

test("createIdentifier() reads dates and seconds since 1970", () => {
  const at = (value: string) => identify(`{"dateCreated":${value},"startTimestamp":0.5}`, event);
  expect(at('"2026-01-02T03:04:05Z"')).toEqual({ time: "2026-01-02T03:04:05.000Z" });
  for (const value of ["null", '"soon"', "{}", "1e300"]) {
    expect(at(value)).toEqual({ time: "1970-01-01T00:00:00.500Z" });
  }
});

test("createIdentifier() knows no id of a stream that says none, or of what is no object", () => {
  expect(identify('{"id":1}', {})).toEqual({});
  for (const text of ["[1]", "1", '"a"', "null"]) expect(identify(text, event)).toEqual({});
});

test("createIdentifier() finds what pickPath() finds", () => {
  const key = fc.constantFrom("a", "b", "key", "value");
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("a", "b", "x"),
      fc.dictionary(key, tie("node")),
      fc.array(tie("node"), { maxLength: 3 }),
    ),
  })).node;
  const path = fc.array(key, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.dictionary(key, value), path, fc.constantFrom(0, 2), (row, keys, indent) => {
      const found = pickPath(row, [keys]);
      const expected = typeof found === "string" ? { id: joinId([found]) } : {};
      expect(identify(JSON.stringify(row, undefined, indent), { id: [[keys]] })).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
