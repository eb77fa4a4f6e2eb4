import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { jsonSink } from "./json.ts";
import { ndjsonSink } from "./ndjson.ts";

const folder = await mkdtemp(join(tmpdir(), "decant-read-"));
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, content?: string | Uint8Array): Promise<string[]> {
  const destination = join(folder, name);
  if (content !== undefined) await writeFile(destination, content);
  const sink = name.includes(".json") ? jsonSink : ndjsonSink;
  const rows: string[] = [];
  for await (const { json } of sink.read!({ destination, options: {} })) {
    rows.push(...json.map((bytes) => Buffer.from(bytes).toString()));
  }
  return rows;
}

test.each([
  ["ndjson without an end of line", "a.ndjson", '{"a":1}\n{"a":2}', "it is cut off"],
  ["an empty line", "a.ndjson", '{"a":1}\n\n{"a":2}\n', "line 2"],
  ["Windows line ends", "a.ndjson", '{"a":1}\r\n{"a":2}\r\n', "line 1"],
  ["a byte order mark", "a.ndjson", '\ufeff{"a":1}\n', "line 1"],
  ["indented JSON as ndjson", "a.ndjson", '{\n  "a": 1\n}\n', "line 1"],
  ["words", "a.ndjson", "time level\n", "line 1"],
  ["half a string", "a.ndjson", '"\n', "line 1"],
  ["a JSON array without its end", "a.json", '[\n{"a":1}\n', "it is cut off"],
  ["a JSON array cut off inside", "a.json", '[\n{"a":1},\n{"a"', "it is cut off"],
  ["a JSON array with a row missing", "a.json", '[\n{"a":1},\n]\n', "line 3"],
  ["a JSON array with a comma missing", "a.json", '[\n{"a":1}\n{"a":2}\n]\n', "line 3"],
  ["rows after the end", "a.json", '[\n{"a":1}\n]\n{"a":2}\n', "line 4"],
  ["an indented JSON array", "a.json", '[\n  {\n    "a": 1\n  }\n]\n', "line 2"],
  ["a JSON array on one line", "a.json", '[{"a":1}]\n', "line 1"],
  ["ndjson as JSON", "a.json", '{"a":1}\n{"a":2}\n', "line 1"],
  ["nothing as JSON", "a.json", "", "it is cut off"],
  ["nothing as gzip", "a.ndjson.gz", "", "it is no whole gzip file"],
  ["text as gzip", "a.ndjson.gz", '{"a":1}\n', "it is no whole gzip file"],
  ["a gzip member cut off", "a.ndjson.gz", gzipSync('{"a":1}\n').subarray(0, -3), "gzip"],
  [
    "text after a gzip member",
    "a.ndjson.gz",
    Buffer.concat([gzipSync('{"a":1}\n'), Buffer.from("text")]),
    "it is no whole gzip file",
  ],
  ["a JSON array without its last member", "a.json.gz", gzipSync('[\n{"a":1}'), "it is cut off"],
])("read() refuses %s", async (_, name, content, state) => {
  const reading = read(name, content);
  await expect(reading).rejects.toMatchObject({ code: "OUTPUT_MALFORMED", kind: "verify" });
  await expect(reading).rejects.toThrow(state);
  await expect(reading).rejects.toThrow(name);
});

test("read() says what cannot be read", async () => {
  await expect(read("missing.json")).rejects.toMatchObject({ code: "OUTPUT_MISSING" });
  await expect(read("missing.ndjson.gz")).rejects.toMatchObject({ code: "OUTPUT_MISSING" });
  await writeFile(join(folder, "file"), "");
  const below = { code: "OUTPUT_UNREADABLE", kind: "verify" };
  await expect(read("file/below.ndjson")).rejects.toMatchObject(below);
});

test("read() gives rows of every kind of JSON value, spaces and all", async () => {
  const rows = ['{"a":1}', "[1]", '""', "-1.50", "null", "true", ' { "a" : 1 } '];
  expect(await read("b.ndjson", rows.map((row) => `${row}\n`).join(""))).toEqual(rows);
  expect(await read("b.json", `[\n${rows.join(",\n")}\n]\n`)).toEqual(rows);
});

test("read() gives the same rows wherever members end and chunks break", async () => {
  const long = fc.integer({ min: 0, max: 400_000 }).map((size) => JSON.stringify("é".repeat(size)));
  const text = fc.oneof({ weight: 9, arbitrary: fc.json() }, { weight: 1, arbitrary: long });
  await fc.assert(
    fc.asyncProperty(fc.array(text), fc.array(fc.nat(), { maxLength: 5 }), async (rows, cuts) => {
      const content = Buffer.from(rows.map((row) => `${row}\n`).join(""));
      const ends = cuts.map((cut) => cut % (content.length + 1)).sort((a, b) => a - b);
      const members = [0, ...ends].map((from, index) =>
        gzipSync(content.subarray(from, ends[index] ?? content.length)),
      );
      expect(await read("c.ndjson", content)).toEqual(rows);
      expect(await read("c.ndjson.gz", Buffer.concat(members))).toEqual(rows);
    }),
    { numRuns: 25 },
  );
});
