import { appendFile, mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { createRow } from "@decant/core";
import { jsonSink, ndjsonSink } from "@decant/sink";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createNdjsonSource, type NdjsonSourceOptions } from "./create-ndjson-source.ts";
import { makeFile, plainRows, readBatches, readRows } from "./testing/read-rows.ts";

const { signal } = new AbortController();
const encoder = new TextEncoder();

async function textsOf(name: string, content: string | Uint8Array): Promise<string[]> {
  const source = createNdjsonSource({ files: [await makeFile(name, content)] });
  return (await readRows(source)).map(({ text }) => text);
}

async function failure(
  name: string,
  content: string | Uint8Array,
  options: Partial<NdjsonSourceOptions> = {},
): Promise<unknown> {
  const file = await makeFile(name, content);
  return await readRows(createNdjsonSource({ files: [file], ...options })).then(
    () => undefined,
    (error: Error & { code: string; kind: string }) => ({
      code: error.code,
      kind: error.kind,
      message: error.message.replace(file, "FILE"),
    }),
  );
}

test("createNdjsonSource() keeps the bytes of rows, and nothing around them", async () => {
  const text = '{"n":9007199254740993, "x":1.0,"x":2}\r\n\n  \n  "two" \n3\n[1,\t2]\nnull';
  expect(await textsOf("a.ndjson", text)).toEqual([
    '{"n":9007199254740993, "x":1.0,"x":2}',
    '"two"',
    "3",
    "[1,\t2]",
    "null",
  ]);
});

test("createNdjsonSource() passes over a byte order mark at the beginning alone", async () => {
  expect(await textsOf("a.ndjson", "\ufeff{}\n{}\n")).toEqual(["{}", "{}"]);
  expect(await failure("a.ndjson", "{}\n\ufeff{}\n")).toMatchObject({
    code: "NDJSON_LINE_MALFORMED",
  });
});

test("createNdjsonSource() reads empty files, and arrays with one row a line", async () => {
  expect(await textsOf("a.ndjson", "")).toEqual([]);
  expect(await textsOf("a.ndjson", "[]\n[]\n")).toEqual(["[]", "[]"]);
  expect(await textsOf("a.json", "[]\n")).toEqual([]);
  expect(await textsOf("a.json", "[\n]\n")).toEqual([]);
  expect(await textsOf("a.txt", '[\n{"a":"]"},\n[],\n3\n]\n')).toEqual(['{"a":"]"}', "[]", "3"]);
  expect(await textsOf("a.json", '{"a":1}\n{"a":2}\n')).toEqual(['{"a":1}', '{"a":2}']);
});

test("createNdjsonSource() reads gzip with several members, whatever its name", async () => {
  const gzip = Buffer.concat([gzipSync('{"a":1}\n{"a"'), gzipSync(":2}\n"), gzipSync("")]);
  for (const name of ["a.ndjson.gz", "a.ndjson"]) {
    expect(await textsOf(name, gzip)).toEqual(['{"a":1}', '{"a":2}']);
  }
});

const whole = gzipSync('{"a":1}\n'.repeat(1_000));

test.each([
  ["NDJSON_LINE_MALFORMED", 'line 2 of "FILE": it is cut off', "a.ndjson", '{}\n{"a":1'],
  [
    "NDJSON_LINE_MALFORMED",
    'line 3 of "FILE": it is malformed at byte 5',
    "a.ndjson",
    '{}\n\n{"a":x}\n',
  ],
  ["NDJSON_LINE_MALFORMED", "it holds more than one value", "a.ndjson", "{} {}\n"],
  ["NDJSON_LINE_MALFORMED", "there is a comma behind the row", "a.ndjson", "{},\n"],
  ["NDJSON_LINE_MALFORMED", "it is not UTF-8", "a.ndjson", Uint8Array.of(34, 0xff, 34)],
  [
    "NDJSON_LINE_MALFORMED",
    'line 2 of "FILE": it is malformed at byte 1',
    "a.ndjson",
    '{}\n"\u0000"\n',
  ],
  ["NDJSON_LINE_MALFORMED", "it is an array that has not one row a line", "a.json", "[{},{}]"],
  ["NDJSON_LINE_MALFORMED", "the row before has no comma behind it", "a.json", "[\n{}\n{}\n]"],
  ["NDJSON_LINE_MALFORMED", 'line 3 of "FILE": it is malformed at byte 0', "a.json", "[\n{},\n]\n"],
  ["NDJSON_LINE_MALFORMED", "there is text behind the array", "a.json", "[]\n{}\n"],
  ["NDJSON_FILE_CUT_OFF", "its array has no end", "a.json", "[\n{},\n{}\n"],
  ["NDJSON_FILE_CUT_OFF", "its array has no end", "a.json", ""],
  ["NDJSON_FILE_CUT_OFF", "it is no whole gzip file", "a.gz", whole.subarray(0, -9)],
  [
    "NDJSON_FILE_CUT_OFF",
    "it is no whole gzip file",
    "a.gz",
    Buffer.concat([whole, Buffer.from("{}")]),
  ],
  [
    "NDJSON_FILE_CUT_OFF",
    "something else behind its gzip data",
    "a.gz",
    Buffer.concat([whole, Buffer.from("\0{}")]),
  ],
  ["NDJSON_FILE_CUT_OFF", "it is no gzip file", "a.gz", ""],
  ["NDJSON_FILE_CUT_OFF", "it is no gzip file", "a.gz", "{}\n"],
] as const)("createNdjsonSource() ends with %s: %s", async (code, state, name, content) => {
  expect(await failure(name, content)).toEqual({
    code,
    kind: "source",
    message: expect.stringContaining(state),
  });
});

test("createNdjsonSource() refuses a line that is too long before it is in memory", async () => {
  const line = `"${"x".repeat(98)}"`;
  const fits = { maxLineBytes: 100 };
  expect(await failure("a.ndjson", `${line}\n${line}`, fits)).toBeUndefined();
  expect(await failure("a.ndjson", `${line}\n ${line}`, fits)).toEqual({
    code: "NDJSON_LINE_TOO_LONG",
    kind: "source",
    message: 'Cannot read line 2 of "FILE": it is longer than 100 bytes',
  });
});

test("createNdjsonSource() says what is wrong with files and options", async () => {
  const missing = join(dirname(await makeFile("a", "")), "b");
  await expect(readRows(createNdjsonSource({ files: [missing] }))).rejects.toMatchObject({
    code: "NDJSON_FILE_MISSING",
    kind: "usage",
  });
  await mkdir(missing);
  await expect(readRows(createNdjsonSource({ files: [missing] }))).rejects.toMatchObject({
    code: "NDJSON_FILE_UNREADABLE",
  });
  for (const options of [
    { files: [] },
    { files: ["-"] },
    { files: ["a", "a"] },
    { files: ["a"], id: [] },
    { files: ["a"], time: [] },
    { files: ["a"], maxLineBytes: Number.NaN },
  ]) {
    expect(() => createNdjsonSource(options)).toThrow(
      expect.objectContaining({ code: "NDJSON_OPTION_INVALID" }),
    );
  }
  const source = createNdjsonSource({ files: ["a"] });
  const range = { from: "2026-01-01T00:00:00Z", to: "2026-01-31T00:00:00Z" };
  await expect(source.plan(range, { signal })).rejects.toMatchObject({
    code: "NDJSON_RANGE_UNSUPPORTED",
  });
});

test("createNdjsonSource() refuses slices, cursors and files that are not those of the plan", async () => {
  const file = await makeFile("a.ndjson", "{}\n");
  const source = createNdjsonSource({ files: [file] });
  const [slice] = await source.plan({ to: "2026-01-31T00:00:00Z" }, { signal });
  const first = () => source.read(slice!, { signal })[Symbol.asyncIterator]().next();
  await utimes(file, 1, 1);
  await expect(first()).rejects.toMatchObject({ code: "NDJSON_FILE_CHANGED", kind: "source" });
  await appendFile(file, "{}\n");
  await expect(first()).rejects.toThrow("it has 6 bytes, not 3");
  const args = { ...(slice?.args as object), file: "/etc/other" };
  expect(() => source.read({ ...slice!, args }, { signal })).toThrow(
    expect.objectContaining({ code: "NDJSON_SLICE_INVALID" }),
  );
  await expect(readBatches(source, "{}")).rejects.toMatchObject({ code: "NDJSON_SLICE_INVALID" });
});

test("createNdjsonSource() finds a file that changes while it is read", async () => {
  const file = await makeFile("a.ndjson", '{"a":1}\n'.repeat(3_000));
  const source = createNdjsonSource({ files: [file] });
  const [slice] = await source.plan({ to: "2026-01-31T00:00:00Z" }, { signal });
  const batches = source.read(slice!, { signal })[Symbol.asyncIterator]();
  await batches.next();
  await appendFile(file, "{}\n");
  const rest = async () => {
    while (!(await batches.next()).done);
  };
  await expect(rest()).rejects.toMatchObject({ code: "NDJSON_FILE_CHANGED" });
});

test("createNdjsonSource() ends with the reason of its signal", async () => {
  const file = await makeFile("a.ndjson", '{"a":1}\n'.repeat(3_000));
  const source = createNdjsonSource({ files: [file] });
  const [slice] = await source.plan({ to: "2026-01-31T00:00:00Z" }, { signal });
  const stop = new AbortController();
  const batches = source.read(slice!, { signal: stop.signal })[Symbol.asyncIterator]();
  await batches.next();
  stop.abort(new Error("enough"));
  await expect(batches.next()).rejects.toThrow("enough");
});

test("createNdjsonSource() gives events the ids and times of a direct export", async () => {
  const rows = [
    {
      eventID: "FC6D8C0C-43FC-4630-AD85-0EE518F1B9D0",
      projectID: "7",
      id: "x",
      dateCreated: "2026-01-02T03:04:05Z",
    },
    { event_id: "ab13", project_id: 8, date_received: "2026-01-02T03:04:06.5Z" },
    { eventID: "ab14", projectID: "7", dateCreated: null, startTimestamp: 1_767_323_045.25 },
    { id: "ab15", projectID: "7" },
  ];
  const text = rows.map((row) => JSON.stringify(row)).join("\n");
  const file = await makeFile("a.ndjson", text);
  const found = await readRows(createNdjsonSource({ files: [file] }));
  expect(found.map(({ id, time }) => [id, time])).toEqual([
    ["7/fc6d8c0c43fc4630ad850ee518f1b9d0", "2026-01-02T03:04:05.000Z"],
    ["8/ab13", "2026-01-02T03:04:06.500Z"],
    ["7/ab14", "2026-01-02T03:04:05.250Z"],
    [`${file}:${text.lastIndexOf("\n") + 1}`, undefined],
  ]);
});

test("createNdjsonSource() takes ids and times from where it is told to", async () => {
  const file = await makeFile(
    "a.ndjson",
    `{"k":{"n":9007199254740993},"s":"a/b%","at":"2026-01-02"}
{"\\u006b":{"n":1,"n":2},"s":"c","at":{}}
`,
  );
  const id = [["k", "n"], ["s"]];
  expect(await readRows(createNdjsonSource({ files: [file], id, time: ["at"] }))).toMatchObject([
    { id: "9007199254740993/a%2Fb%25", time: "2026-01-02T00:00:00.000Z" },
    { id: "2/c" },
  ]);
  expect(await failure("a.ndjson", '{"s":"a"}\n{"s":[]}\n', { id: [["s"]] })).toEqual({
    code: "NDJSON_ID_MISSING",
    kind: "source",
    message: 'Cannot read line 2 of "FILE": it has no id at s',
  });
});

test("createNdjsonSource() takes ids and times from where its stream says", async () => {
  const text = '{"release":{"version":"1/2"},"org":"a","at":9}\n{"org":"a"}\n';
  const file = await makeFile("a.ndjson", text);
  const stream = {
    name: "releases",
    columns: [],
    id: [[["org"]], [["version"], ["release", "version"]]],
    time: [["when"], ["at"]],
  };
  const found = await readRows(createNdjsonSource({ files: [file], stream }));
  expect(found.map(({ id, time }) => [id, time])).toEqual([
    ["a/1%2F2", "1970-01-01T00:00:09.000Z"],
    [`${file}:${text.indexOf("\n") + 1}`, undefined],
  ]);
});

test("createNdjsonSource() keeps rows of the same id, and gives none twice in a batch", async () => {
  const file = await makeFile("a.ndjson", '{"s":1,"v":1}\n{"s":2}\n{"s":1,"v":2}\n');
  const batches = await readBatches(createNdjsonSource({ files: [file], id: [["s"]] }));
  expect(batches.map(({ rows }) => rows.map(({ id }) => id))).toEqual([["1", "2"], ["1"]]);
});

test("createNdjsonSource() reads what the sinks wrote, in the order of the files", async () => {
  const folder = dirname(await makeFile("x", ""));
  const texts = ['{"a":"\\n"}', "[]", '"]"', "1.0"];
  const files: string[] = [];
  for (const [sink, name] of [
    [jsonSink, "a.json"],
    [jsonSink, "a.json.gz"],
    [ndjsonSink, "a.ndjson"],
    [ndjsonSink, "a.ndjson.gz"],
  ] as const) {
    const destination = join(folder, name);
    const streams = [{ name: "s", columns: [] }];
    await using opened = await sink.open({
      ...{ destination, streams, options: {}, run: "r", force: false },
    });
    for (const text of texts) {
      await opened.write("s", [createRow({ id: text, json: encoder.encode(text) })]);
      await opened.commit();
    }
    await opened.finish();
    files.push(destination);
  }
  const rows = await readRows(createNdjsonSource({ files }));
  expect(rows.map(({ text }) => text)).toEqual([...texts, ...texts, ...texts, ...texts]);
});

const space = fc.constantFrom("", " ", "\t", "\r", " \t");
const row = fc.record({ value: fc.jsonValue(), before: space, after: space });
const layout = fc.record({
  rows: fc.array(row, { maxLength: 60 }),
  blank: fc.constantFrom("", "\n", " \n\n"),
  ending: fc.constantFrom("\n", "", "\n\n"),
  array: fc.boolean(),
  cuts: fc.array(fc.nat(), { maxLength: 5 }),
  compressed: fc.boolean(),
});

test("createNdjsonSource() gives each row, however the file is laid out", async () => {
  const file = await makeFile("a.txt", "");
  await fc.assert(
    fc.asyncProperty(layout, async ({ rows, blank, ending, array, cuts, compressed }) => {
      const texts = rows.map(({ value }) => JSON.stringify(value));
      const lines = rows.map(({ before, after }, index) => {
        const comma = array && index < rows.length - 1 ? "," : "";
        return `${before}${texts[index]}${after}${comma}${after}`;
      });
      const body = lines.join(`\n${blank}`);
      const bytes = encoder.encode(array ? `[\n${body}\n]${ending}` : `${body}${ending}`);
      await writeFile(file, compressed ? gzipMembers(bytes, cuts) : bytes);
      const found = await readRows(createNdjsonSource({ files: [file] }));
      expect(found.map(({ text }) => text)).toEqual(texts);
    }),
    { numRuns: 100 },
  );
});

test("createNdjsonSource() goes on from each of its cursors", async () => {
  await fc.assert(
    fc.asyncProperty(layout, async ({ rows, blank, ending, array, cuts, compressed }) => {
      const texts = rows.map(({ value }) => JSON.stringify({ k: 1, value }));
      const body = texts.join(`${array ? "," : ""}\n${blank}`);
      const bytes = encoder.encode(array ? `[\n${body}\n]${ending}` : `\ufeff${body}${ending}`);
      const file = await makeFile("a.txt", compressed ? gzipMembers(bytes, cuts) : bytes);
      // All rows have one id, so each is a batch of its own, with a cursor behind it.
      const source = createNdjsonSource({ files: [file], id: [["k"]] });
      const batches = await readBatches(source);
      expect(batches).toHaveLength(Math.max(1, texts.length));
      for (const [index, { next }] of batches.entries()) {
        if ("end" in next) continue;
        const rest = plainRows(await readBatches(source, next.cursor));
        expect(rest.map(({ text }) => text)).toEqual(texts.slice(index + 1));
      }
    }),
    { numRuns: 30 },
  );
});

/** Compresses each part as a member of its own. */
function gzipMembers(bytes: Uint8Array, cuts: readonly number[]): Uint8Array {
  const ends = [...cuts.map((cut) => cut % (bytes.byteLength + 1)), bytes.byteLength];
  let from = 0;
  const members = ends
    .sort((a, b) => a - b)
    .map((end) => {
      const member = gzipSync(bytes.subarray(from, end));
      from = end;
      return member;
    });
  return Buffer.concat(members);
}
