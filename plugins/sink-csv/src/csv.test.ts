import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  createRow,
  type Json,
  type OptionValue,
  type Row,
  type SinkOpenOptions,
  type Stream,
} from "@decant/core";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { csvSink } from "./csv.ts";

const folder = await mkdtemp(join(tmpdir(), "decant-csv-"));
afterAll(() => rm(folder, { recursive: true }));
let places = 0;

function place(name = "out.csv"): string {
  places += 1;
  return join(folder, `${places}`, name);
}

const events: Stream = {
  name: "events",
  columns: [
    { name: "title", type: "text", paths: [["title"]] },
    { name: "count", type: "int", paths: [["count"]] },
    { name: "handled", type: "bool", paths: [["handled"]] },
    { name: "seen", type: "time", paths: [["seen"]] },
    { name: "tags", type: "json", paths: [["tags"]] },
  ],
};

type Options = Partial<SinkOpenOptions> & { readonly own?: Record<string, OptionValue> };

function open(destination: string, { own = {}, ...rest }: Options = {}) {
  const base = { streams: [events], run: "20260101T000000Z-0001", force: false };
  return csvSink.open({ destination, ...base, options: own, ...rest });
}

function row(id: string, json = "{}", time?: string): Row {
  const bytes = new TextEncoder().encode(json);
  return createRow({ id, json: bytes, ...(time !== undefined && { time }) });
}

async function write(
  destination: string,
  rows: readonly Row[],
  options: Options & { readonly stop?: boolean } = {},
): Promise<Json> {
  const { stop = false, ...rest } = options;
  await using sink = await open(destination, rest);
  await sink.write("events", rows);
  const position = await sink.commit();
  if (!stop) await sink.finish();
  return position;
}

/** Writes rows into a file of its own and gives its text. */
async function textOf(rows: readonly Row[], own: Record<string, OptionValue> = {}) {
  const path = place();
  await write(path, rows, { own });
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await readFile(path));
}

async function readBack(destination: string, own: Record<string, OptionValue> = { raw: true }) {
  const found: string[] = [];
  for await (const { json } of csvSink.read!({ destination, options: own })) {
    for (const bytes of json) found.push(new TextDecoder().decode(bytes));
  }
  return found;
}

const titled = (title: string) => row("1", JSON.stringify({ title }));

test("csvSink writes a header and typed cells, with CRLF", async () => {
  const json = `{"title":"a, b","count":9007199254740993,"handled":false,"seen":0,"tags":["x"]}`;
  const text = await textOf([row("web/1", json, "2026-01-01T00:00:00Z"), row("web/2")]);
  expect(text).toBe(
    [
      "row_id,row_time,title,count,handled,seen,tags",
      `web/1,2026-01-01T00:00:00.000000Z,"a, b",9007199254740993,false,1970-01-01T00:00:00.000000Z,"[""x""]"`,
      "web/2,,,,,,",
      "",
    ].join("\r\n"),
  );
});

test("csvSink writes a header also where there are no rows", async () => {
  expect(await textOf([])).toBe("row_id,row_time,title,count,handled,seen,tags\r\n");
});

test.each([
  ["=1+1", "'=1+1"],
  ["+1+1", "'+1+1"],
  ["-1+1", "'-1+1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", `"'\t=1"`],
  ["\r=1", `"'\r=1"`],
  ["\n=1", `"'\n=1"`],
  ["\uff1d1", "'\uff1d1"],
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ["-5", "-5"],
  ["+1.5e-3", "+1.5e-3"],
  ["-", "'-"],
  ["a;=1+1", '"a;=1+1"'],
  ["a\t=1+1", '"a\t=1+1"'],
  [" =1", '" =1"'],
  ["a=1", "a=1"],
])("csvSink writes %j so that no spreadsheet runs it", async (title, cell) => {
  const text = await textOf([titled(title)], { columns: ["title"] });
  expect(text).toBe(`title\r\n${cell}\r\n`);
});

test("csvSink guards ids and JSON, and nothing where it should not", async () => {
  const rows = [row("=1", '{"tags":-5}'), row("2", '{"title":"=1"}')];
  const columns = ["row_id", "title", "tags"];
  expect(await textOf(rows, { columns })).toBe("row_id,title,tags\r\n'=1,,-5\r\n2,'=1,\r\n");
  expect(await textOf(rows, { columns, guard: false })).toBe(
    "row_id,title,tags\r\n=1,,-5\r\n2,=1,\r\n",
  );
});

test.each([
  ["comma", ","],
  ["semicolon", ";"],
  ["tab", "\t"],
  ["pipe", "|"],
] as const)(
  "csvSink writes what a parser reads as the same cells, with %s",
  async (name, delimiter) => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom(..."\"',;|\t\r\n =+-@"), fc.string({ unit: "binary" })),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 8 }),
        async (pairs) => {
          const rows = pairs.map(([id, title]) =>
            row(id.toWellFormed(), JSON.stringify({ title })),
          );
          const own = { columns: ["row_id", "title", "raw"], delimiter: name, guard: false };
          const path = place();
          await write(path, rows, { own });
          const options = { delimiter, recordDelimiter: "\r\n", bom: false };
          const [header, ...records] = parse(await readFile(path), options);
          expect(header).toEqual(own.columns);
          expect(records).toEqual(
            pairs.map(([id, title]) => [
              id.toWellFormed(),
              title.toWellFormed().replaceAll("\0", "\ufffd"),
              JSON.stringify({ title }),
            ]),
          );
          expect(await readBack(path, own)).toEqual(
            pairs.map(([, title]) => JSON.stringify({ title })),
          );
        },
      ),
      { numRuns: 25 },
    );
  },
);

test("csvSink begins with a byte order mark where Excel needs one", async () => {
  const path = place();
  const own = { bom: true, raw: true, columns: ["title"] };
  await write(path, [titled("é")], { own });
  expect(await readFile(path, "utf8")).toBe('\ufefftitle,raw\r\né,"{""title"":""é""}"\r\n');
  expect(await readBack(path, own)).toEqual(['{"title":"é"}']);
});

test("csvSink writes chosen columns in their order, and says which there are", async () => {
  const columns = ["count, row_id", "count"];
  expect(await textOf([row("1", '{"count":1}')], { columns })).toBe("count,row_id\r\n1,1\r\n");
  await expect(open(place(), { own: { columns: ["count", "counts"] } })).rejects.toMatchObject({
    code: "OPTION_INVALID",
    message: 'Cannot write the column "counts": there is none',
    hint: "The columns are: row_id, row_time, title, count, handled, seen, tags, raw.",
  });
  const streams = [events, { name: "issues", columns: [] }];
  await expect(open(place(), { streams, own: { columns: ["count"] } })).rejects.toMatchObject({
    code: "OPTION_INVALID",
    message: expect.stringContaining("issues"),
  });
});

test("csvSink gives a stream's own column raw another name", async () => {
  const streams = [
    { name: "events", columns: [{ name: "raw", type: "text", paths: [["a"]] }] },
  ] as const;
  const path = place();
  await write(path, [row("1", '{"a":"b"}')], { streams, own: { raw: true } });
  expect(await readFile(path, "utf8")).toBe('row_id,row_time,raw_,raw\r\n1,,b,"{""a"":""b""}"\r\n');
});

test("csvSink writes one file a stream, compressed where it is asked to", async () => {
  const path = place("tables");
  const streams = [events, { name: "issues", columns: [] }, { name: "replays", columns: [] }];
  await using sink = await open(path, { streams, own: { gzip: true } });
  await sink.write("events", [titled("a")]);
  await sink.write("issues", [row("7")]);
  await sink.commit();
  await sink.finish();
  expect((await readdir(path)).sort()).toEqual(["events.csv.gz", "issues.csv.gz"]);
  const issues = gunzipSync(await readFile(join(path, "issues.csv.gz")));
  expect(issues.toString()).toBe("row_id,row_time\r\n7,\r\n");
});

test.each(["out.csv", "out.csv.gz"])(
  "csvSink goes on in %s only under the same header",
  async (name) => {
    const path = place(name);
    const position = await write(path, [titled("a")], { stop: true });
    const more = [...events.columns, { name: "new", type: "text", paths: [["new"]] }] as const;
    const changed = { streams: [{ ...events, columns: more }], position };
    await expect(open(path, changed)).rejects.toMatchObject({ code: "STATE_MISMATCH" });
    await write(path, [titled("b")], { position });
    const bytes = await readFile(path);
    const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    expect(parse(text, { columns: true })).toMatchObject([{ title: "a" }, { title: "b" }]);
  },
);

test("csvSink cannot read rows back that it did not keep", async () => {
  const path = place();
  await write(path, [row("1")]);
  await expect(readBack(path, {})).rejects.toMatchObject({
    code: "SINK_UNREADABLE",
    hint: expect.stringContaining("--csv-raw"),
  });
  await expect(readBack(path, { raw: true })).rejects.toMatchObject({ code: "OUTPUT_MALFORMED" });
});

test.each([
  ["no header", ""],
  ["a line feed alone", "row_id,raw\n1,{}\n"],
  ["no cell for it", "row_id,raw\r\n1\r\n"],
  ["a cell too many", "row_id,raw\r\n1,{},2\r\n"],
  ["no JSON", "row_id,raw\r\n1,hello\r\n"],
  ["text behind quotes", 'row_id,raw\r\n1,"{}"x\r\n'],
  ["a quote that stays open", 'row_id,raw\r\n1,"{}\r\n'],
  ["no end", "row_id,raw\r\n1,{}"],
])("csvSink refuses to read a file with %s", async (_what, text) => {
  const path = place("");
  await write(join(path, "first.csv"), []);
  await writeFile(join(path, "out.csv"), text);
  await expect(readBack(join(path, "out.csv"))).rejects.toMatchObject({
    code: "OUTPUT_MALFORMED",
    kind: "verify",
  });
});

test("csvSink refuses raw bytes that are no text, and takes them where it only shows columns", async () => {
  const broken = createRow({ id: "1", json: Uint8Array.of(0x22, 0xff, 0x22) });
  await expect(write(place(), [broken], { own: { raw: true } })).rejects.toMatchObject({
    code: "ROW_INVALID",
  });
  expect(await textOf([broken], { columns: ["row_id"] })).toBe("row_id\r\n1\r\n");
  const path = place();
  await write(path, [row("2", '"\ufffd"')], { own: { raw: true } });
  expect(await readBack(path)).toEqual(['"\ufffd"']);
});
