import { createIdentifier } from "@decant/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { splitList, toListRows } from "./parse-list.ts";
import { entryOf } from "./stream-table.ts";
import { toStream } from "./to-stream.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const keys = entryOf("project-keys");
const ownership = entryOf("project-ownership");

function read(text: string, stream: string, parents: Record<string, string> = {}) {
  const entry = entryOf(stream);
  const rows = toListRows(splitList(encoder.encode(text), entry), entry, { parents });
  return rows.map(({ row }) => ({ id: row.id, text: decoder.decode(row.json) }));
}

test("toListRows() keeps the server's bytes, and puts around them what they do not say", () => {
  const text = '[{"id":"k1","n":9007199254740993,"x":1.0,"x":2}]';
  expect(read(text, "project-keys", { projectId: '4"2' })).toEqual([
    { id: '4"2/k1', text: `{"projectId":"4\\"2","data":${text.slice(1, -1)}}` },
  ]);
  expect(read('[{"version":"a/b"}]', "releases")).toEqual([
    { id: "a/b", text: '{"version":"a/b"}' },
  ]);
  expect(read('{"raw":null}\n', "project-ownership", { projectId: "7" })).toEqual([
    { id: "7", text: '{"projectId":"7","data":{"raw":null}}' },
  ]);
});

test("toListRows() numbers rows that do not say which they are", () => {
  const entry = entryOf("replay-segments");
  const pieces = splitList(encoder.encode('[[{"type":4}],[]]'), entry);
  const rows = toListRows(pieces, entry, { parents: { replayId: "ab" }, before: 10 });
  expect(rows.map(({ row }) => row.id)).toEqual(["ab/10", "ab/11"]);
  expect(decoder.decode(rows[1]?.row.json)).toBe('{"replayId":"ab","segment":11,"data":[]}');
});

test("toListRows() knows a row without an id by all of its text", () => {
  const rows = read('[{"value":""},{"value":null,"name":""},{"value":"x"}]', "project-tag-values", {
    ...{ projectId: "1", tagKey: "browser" },
  });
  const head = '{"projectId":"1","tagKey":"browser","data":';
  expect(rows.map(({ id }) => id)).toEqual([
    `${head}{"value":""}}`,
    `${head}{"value":null,"name":""}}`,
    "1/browser/x",
  ]);
});

test("splitList() refuses answers of another shape", () => {
  const split =
    (text: string, entry = keys) =>
    () =>
      splitList(encoder.encode(text), entry);
  for (const text of ["{}", "[", "[1", "[] []", "", "<html>"]) expect(split(text)).toThrow();
  for (const text of ["[]", "[{}]", "1", '"a"', "{}{}", "{},{}", "{", "", "null"]) {
    expect(split(text, ownership)).toThrow(SyntaxError);
  }
  const data = { ...keys, member: "data" };
  expect(split('{"data":[1],"meta":{}}', data)()).toHaveLength(1);
  for (const text of ["[]", '{"rows":[]}', '{"data":{}}', '{"data":[]} x']) {
    expect(split(text, data)).toThrow(SyntaxError);
  }
});

test("toListRows() gives each row the id that its stream says, whatever is in it", () => {
  const identifier = createIdentifier(toStream(keys));
  const row = fc.record({ id: fc.string({ minLength: 1 }), rest: fc.jsonValue() });
  fc.assert(
    fc.property(
      fc.array(row),
      fc.string({ minLength: 1 }),
      fc.boolean(),
      (list, projectId, wide) => {
        const text = JSON.stringify(list, undefined, wide ? 1 : 0);
        const rows = toListRows(splitList(encoder.encode(text), keys), keys, {
          parents: { projectId },
        });
        expect(rows.map(({ row }) => row.value())).toEqual(
          (JSON.parse(text) as unknown[]).map((data) => ({ projectId, data })),
        );
        for (const { row } of rows) {
          expect(identifier.identify(row.json).id).toBe(row.id);
          expect(row.json).not.toContain(0x0a);
        }
      },
    ),
  );
});
