import {
  cp,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createRow, type Json, type Row, type SinkOpenOptions } from "@decant/core";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { jsonSink } from "./json.ts";
import { ndjsonSink } from "./ndjson.ts";

const root = await mkdtemp(join(tmpdir(), "decant-folder-"));
afterAll(() => rm(root, { recursive: true }));

const names = ["events", "issues", "issue-tags"];
const streams = names.map((name) => ({ name, columns: [] }));
const base = { streams, options: {}, run: "20260101T000000Z-0a1b", force: false };
const kinds = [
  ["json", jsonSink, false],
  ["json.gz", jsonSink, true],
  ["ndjson", ndjsonSink, false],
  ["ndjson.gz", ndjsonSink, true],
] as const;

function row(text: string): Row {
  return createRow({ id: text, json: new TextEncoder().encode(text) });
}

async function newFolder(): Promise<string> {
  return join(await mkdtemp(join(root, "t-")), "out");
}

type Texts = Readonly<Record<string, readonly string[]>>;

/** Opens, writes, commits and finishes. */
async function write(
  destination: string,
  texts: Texts,
  { sink = ndjsonSink, ...more }: Partial<SinkOpenOptions> & { sink?: typeof ndjsonSink } = {},
): Promise<Json> {
  await using opened = await sink.open({ ...base, destination, ...more });
  for (const [stream, rows] of Object.entries(texts)) await opened.write(stream, rows.map(row));
  const position = await opened.commit();
  await opened.finish();
  return position;
}

async function contentOf(folder: string): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) {
    const bytes = await readFile(join(folder, name));
    content[name] = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
  }
  return content;
}

async function rowsOf(
  folder: string,
  { sink = ndjsonSink, ...more }: { sink?: typeof ndjsonSink; run?: string; only?: string } = {},
): Promise<Record<string, string[]>> {
  const { run, only } = more;
  const rows: Record<string, string[]> = {};
  const options = {
    destination: folder,
    options: {},
    ...(run !== undefined && { run }),
    ...(only !== undefined && { streams: [{ name: only, columns: [] }] }),
  };
  for await (const { stream = "", json } of sink.read!(options)) {
    rows[stream] = [...(rows[stream] ?? []), ...json.map((bytes) => Buffer.from(bytes).toString())];
  }
  return rows;
}

/** What a folder must hold, said in another way than the sink does. */
function oracle(ending: string, texts: Texts): Record<string, string> {
  const files = Object.entries(texts).filter(([, rows]) => rows.length > 0);
  return Object.fromEntries(
    files.map(([stream, rows]) => [
      `${stream}${ending}`,
      ending.includes(".nd")
        ? rows.map((text) => `${text}\n`).join("")
        : `[\n${rows.join(",\n")}\n]\n`,
    ]),
  );
}

test.each(kinds)("%s: each stream with rows has its file", async (extension, sink, gzip) => {
  const folder = await newFolder();
  const texts = { issues: ['{"a":1}', "2"], events: ["1"] };
  await write(folder, texts, { sink, options: { gzip } });
  expect(await contentOf(folder)).toEqual(oracle(`.${extension}`, texts));
  expect(await rowsOf(folder, { sink })).toEqual(texts);
  expect(await rowsOf(folder, { sink, only: "issues" })).toEqual({ issues: texts.issues });
  const none = await newFolder();
  await write(none, {}, { sink });
  expect([await contentOf(none), await rowsOf(none, { sink })]).toEqual([{}, {}]);
});

test.each(kinds)(
  "%s: any rows, streams, commits and crashes give the same folder, also to later runs",
  async (extension, sink, gzip) => {
    const folder = await newFolder();
    const rows = fc.record({
      stream: fc.constantFrom(...names),
      texts: fc.array(fc.json(), { maxLength: 4 }),
    });
    const step = fc.oneof(
      { weight: 5, arbitrary: rows },
      { weight: 2, arbitrary: fc.constant("commit" as const) },
      { weight: 2, arbitrary: fc.constant("crash" as const) },
    );
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), fc.boolean(), async (steps, append) => {
        runs += 1;
        const destination = join(folder, `${runs}`);
        const options = { ...base, options: { gzip }, destination, append };
        const earlier = { events: ["1"], "issue-tags": ["2", "3"] };
        const run = "20251231T0-e";
        await write(destination, earlier, { sink, options: { gzip }, append: true, run });
        let opened = await sink.open(options);
        let position = await opened.commit();
        let committed: Record<string, string[]> = {};
        let written: Record<string, string[]> = {};
        for (const next of [...steps, "commit" as const]) {
          if (next === "commit") {
            position = JSON.parse(JSON.stringify(await opened.commit()));
            committed = { ...written };
          } else if (next === "crash") {
            await opened[Symbol.asyncDispose]();
            opened = await sink.open({ ...options, position });
            written = { ...committed };
          } else {
            await opened.write(next.stream, next.texts.map(row));
            written[next.stream] = [...(written[next.stream] ?? []), ...next.texts];
          }
        }
        await opened.finish();
        await opened[Symbol.asyncDispose]();
        const own = append ? `-${base.run}` : "";
        expect(await contentOf(destination)).toEqual({
          ...oracle(`-${run}.${extension}`, earlier),
          ...oracle(`${own}.${extension}`, committed),
        });
        const rows = Object.entries(committed).filter(([, texts]) => texts.length > 0);
        const found = await rowsOf(destination, { sink, run: base.run });
        expect(found).toEqual(Object.fromEntries(rows));
      }),
      { numRuns: 25 },
    );
  },
);

test.each(kinds)("%s: finish() is made good between any two renames", async (ext, sink, gzip) => {
  const folder = await newFolder();
  const options = { ...base, options: { gzip }, destination: folder };
  const old = { events: ["0"], issues: ["0"], "issue-tags": ["0"] };
  const texts = { events: ["1", "2"], "issue-tags": ["3"] };
  await write(folder, old, { sink, options: { gzip } });
  let position: Json;
  {
    await using opened = await sink.open({ ...options, force: true });
    for (const [stream, rows] of Object.entries(texts)) await opened.write(stream, rows.map(row));
    position = await opened.commit();
  }
  const before = `${folder}-before`;
  await cp(folder, before, { recursive: true });
  const whole = oracle(`.${ext}`, texts);
  const files = Object.keys(whole);

  async function finishAgain(): Promise<void> {
    await using opened = await sink.open({ ...options, force: true, position, finishing: true });
    await opened.finish();
    expect(await contentOf(folder)).toEqual(whole);
  }

  await finishAgain();
  await finishAgain();
  const after = `${folder}-after`;
  await cp(folder, after, { recursive: true });
  for (let done = 0; done <= files.length; done += 1) {
    await rm(folder, { recursive: true });
    await cp(before, folder, { recursive: true });
    for (const name of files.slice(0, done)) {
      await cp(join(after, name), join(folder, `${name}.part`));
      await rename(join(folder, `${name}.part`), join(folder, name));
    }
    await finishAgain();
  }
  await truncate(join(folder, files[0]!), 1);
  await expect(finishAgain()).rejects.toMatchObject({ code: "STATE_MISMATCH" });
});

test("open() refuses the files of its streams, in either form, and no others", async () => {
  for (const taken of ["events.ndjson", "issues.ndjson.gz"]) {
    const folder = await newFolder();
    await write(folder, {});
    await writeFile(join(folder, "notes.ndjson"), "mine");
    await write(folder, {});
    await writeFile(join(folder, taken), "theirs");
    await expect(write(folder, {})).rejects.toMatchObject({
      code: "OUTPUT_EXISTS",
      message: `Cannot write "${join(folder, taken)}": it exists`,
    });
    expect(await readFile(join(folder, taken), "utf8")).toBe("theirs");
  }
});

test("open() names the unfinished file that is in the way", async () => {
  const folder = await newFolder();
  await write(folder, {});
  await writeFile(join(folder, "issues.ndjson.part"), "1\n");
  await expect(write(folder, {})).rejects.toMatchObject({
    code: "OUTPUT_EXISTS",
    message: expect.stringContaining("issues.ndjson.part"),
  });
  await write(folder, { events: ["1"] }, { force: true });
  expect(await contentOf(folder)).toEqual({ "events.ndjson": "1\n" });
});

test("force replaces the files of the streams at finish(), and no others", async () => {
  const folder = await newFolder();
  await write(folder, { events: ["1"], issues: ["1"] });
  await write(folder, { events: ["5"] }, { append: true });
  await writeFile(join(folder, "notes.ndjson"), "mine");
  const kept = {
    "events-20260101T000000Z-0a1b.ndjson": "5\n",
    "notes.ndjson": "mine",
  };
  {
    const options = { ...base, options: { gzip: true }, destination: folder, force: true };
    await using opened = await ndjsonSink.open(options);
    await opened.write("events", [row("2")]);
    await opened.commit();
    const { "events.ndjson.gz.part": part, ...rest } = await contentOf(folder);
    expect(part).toBeDefined();
    expect(rest).toEqual({ ...kept, "events.ndjson": "1\n", "issues.ndjson": "1\n" });
    await opened.finish();
  }
  expect(await contentOf(folder)).toEqual({ ...kept, "events.ndjson.gz": "2\n" });
});

test("append leaves earlier files, whatever is forced, and read() tells runs apart", async () => {
  const folder = await newFolder();
  const [first, second, third] = ["20260101T0-a", "20260102T0-b", "20260103T0-c"];
  await write(folder, { events: ["0"] });
  await write(folder, { events: ["1"], issues: ["2"] }, { append: true, run: first });
  const more = { append: true, run: second, force: true, streams: streams.slice(0, 1) };
  await write(folder, { events: ["3"] }, { ...more, options: { gzip: true } });
  await write(folder, {}, { append: true, run: third });
  expect(await contentOf(folder)).toEqual({
    "events.ndjson": "0\n",
    [`events-${first}.ndjson`]: "1\n",
    [`events-${second}.ndjson.gz`]: "3\n",
    [`issues-${first}.ndjson`]: "2\n",
  });
  expect(await rowsOf(folder)).toEqual({ events: ["0", "1", "3"], issues: ["2"] });
  expect(await rowsOf(folder, { run: first })).toEqual({ events: ["1"], issues: ["2"] });
  expect(await rowsOf(folder, { run: second })).toEqual({ events: ["3"] });
  expect(await rowsOf(folder, { run: "plain" })).toEqual({ events: ["0"] });
  expect(await rowsOf(folder, { run: first, only: "issues" })).toEqual({ issues: ["2"] });
});

test("read() refuses a run that is not finished, and reads others", async () => {
  const folder = await newFolder();
  await write(folder, { events: ["1"] }, { append: true });
  const later = { ...base, run: "20260102T0-b", append: true, destination: folder };
  {
    await using opened = await ndjsonSink.open(later);
    await opened.write("events", [row("2")]);
    await opened.commit();
  }
  expect(await rowsOf(folder, { run: base.run })).toEqual({ events: ["1"] });
  for (const options of [{}, { run: later.run }]) {
    await expect(rowsOf(folder, options)).rejects.toMatchObject({
      code: "OUTPUT_MISSING",
      kind: "verify",
    });
  }
});

test("open() wants a folder for several streams, and for runs that add to others", async () => {
  const folder = await newFolder();
  await writeFile(folder, "");
  const one = { streams: streams.slice(0, 1), append: true };
  const places = ["", "-", folder, join(folder, "below"), "s3://bucket/out", "/dev/null"];
  for (const destination of places) {
    const invalid = { code: "OUTPUT_INVALID", kind: "usage", hint: expect.any(String) };
    await expect(write(destination, {})).rejects.toMatchObject(invalid);
    await expect(write(destination, {}, one)).rejects.toMatchObject(invalid);
  }
});

test("write() refuses a stream that open() was not told of", async () => {
  const folder = await newFolder();
  await using opened = await ndjsonSink.open({ ...base, destination: folder });
  await expect(opened.write("../events", [row("1")])).rejects.toThrow("not named at open()");
  expect(await contentOf(folder)).toEqual({});
});

test.each([
  [{ bytes: 0 }],
  [{ bytes: [] }],
  [{ bytes: { others: 1 } }],
  [{ bytes: { events: -1 } }],
  [{ bytes: { events: "1" } }],
  [{ bytes: null }],
])("open() refuses the position %j", async (position) => {
  const opening = write(await newFolder(), {}, { position });
  await expect(opening).rejects.toMatchObject({ code: "STATE_MISMATCH" });
});

test("a file of one stream is compressed where the option says so", async () => {
  const destination = `${await newFolder()}.ndjson`;
  const one = { streams: streams.slice(0, 1), options: { gzip: true } };
  await write(destination, { events: ["1"] }, one);
  expect(gunzipSync(await readFile(destination)).toString()).toBe("1\n");
  const rows: unknown[] = [];
  for await (const { json } of ndjsonSink.read!({ destination, options: one.options })) {
    rows.push(...json.map((bytes) => Buffer.from(bytes).toString()));
  }
  expect(rows).toEqual(["1"]);
});

// Only Linux has a device that is always full.
if (process.platform === "linux") {
  test.each(kinds)("%s: a full disk ends the writing of all streams", async (ext, sink, gzip) => {
    const destination = await newFolder();
    await write(destination, {});
    await symlink("/dev/full", join(destination, `events.${ext}.part`));
    const position = { bytes: { events: 0 } };
    await using opened = await sink.open({ ...base, destination, options: { gzip }, position });
    const full = { code: "SINK_FULL", kind: "sink" };
    const fill = async () => {
      await opened.write("issues", [row("1")]);
      await opened.write("events", [row(`"${crypto.randomUUID().repeat(20_000)}"`)]);
      await opened.commit();
    };
    await expect(fill).rejects.toMatchObject(full);
    await expect(opened.write("issues", [row("2")])).rejects.toMatchObject(full);
    await expect(opened.commit()).rejects.toMatchObject(full);
    await expect(opened.finish()).rejects.toMatchObject(full);
    const names = [`events.${ext}.part`, `issues.${ext}.part`];
    expect((await readdir(destination)).sort()).toEqual(names);
  });
}
