import { existsSync, readFileSync } from "node:fs";
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createRow, type Json, type Output, type Row, type SinkPlugin } from "@decant/core";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { jsonSink } from "./json.ts";
import { ndjsonSink } from "./ndjson.ts";

const root = await mkdtemp(join(tmpdir(), "decant-sink-"));
afterAll(() => rm(root, { recursive: true }));

const base = { streams: [], options: {}, run: "test", force: false };
const kinds = [
  ["json", jsonSink],
  ["ndjson", ndjsonSink],
  ["json.gz", jsonSink],
  ["ndjson.gz", ndjsonSink],
] as const;

function row(text: string): Row {
  return createRow({ id: text, json: new TextEncoder().encode(text) });
}

async function newFolder(): Promise<string> {
  return await mkdtemp(join(root, "t-"));
}

async function write(
  sink: SinkPlugin,
  destination: string,
  texts: readonly string[],
): Promise<Json> {
  await using opened = await sink.open({ ...base, destination });
  await opened.write("events", texts.map(row));
  const position = await opened.commit();
  await opened.finish();
  return position;
}

function contentOf(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
}

/** What a file must hold, said in another way than the sink does. */
function oracle(extension: string, texts: readonly string[]): string {
  if (extension.startsWith("ndjson")) return texts.map((text) => `${text}\n`).join("");
  return texts.length === 0 ? "[]\n" : `[\n${texts.join(",\n")}\n]\n`;
}

test.each(kinds)("%s: the file holds the rows and nothing else", async (extension, sink) => {
  const folder = await newFolder();
  for (const texts of [[], ['{"a":1}'], ['{"a":1}', "2", "null"]]) {
    const destination = join(folder, "made", `${texts.length}`, `events.${extension}`);
    await write(sink, destination, texts);
    expect(contentOf(destination)).toBe(oracle(extension, texts));
    expect(await readdir(join(destination, ".."))).toEqual([`events.${extension}`]);
    if (extension.startsWith("json")) {
      expect(JSON.parse(contentOf(destination))).toEqual(texts.map((text) => JSON.parse(text)));
    }
  }
});

test.each(kinds)(
  "%s: any rows, commits and crashes give the same file",
  async (extension, sink) => {
    const folder = await newFolder();
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.array(fc.json(), { maxLength: 6 }).map((texts) => ({ texts })) },
      { weight: 2, arbitrary: fc.constant("commit" as const) },
      { weight: 1, arbitrary: fc.constant("crash" as const) },
    );
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        runs += 1;
        const options = { ...base, destination: join(folder, `${runs}.${extension}`) };
        let opened = await sink.open(options);
        let position = await opened.commit();
        let committed: string[] = [];
        let written: string[] = [];
        for (const next of [...steps, "commit" as const]) {
          if (next === "commit") {
            position = JSON.parse(JSON.stringify(await opened.commit()));
            committed = written;
          } else if (next === "crash") {
            await opened[Symbol.asyncDispose]();
            opened = await sink.open({ ...options, position });
            written = committed;
          } else {
            await opened.write("events", next.texts.map(row));
            written = [...written, ...next.texts];
          }
        }
        await opened.finish();
        await opened[Symbol.asyncDispose]();
        expect(contentOf(options.destination)).toBe(oracle(extension, committed));
        const found: string[] = [];
        for await (const { json } of sink.read!({
          destination: options.destination,
          options: {},
        })) {
          found.push(...json.map((bytes) => Buffer.from(bytes).toString()));
        }
        expect(found).toEqual(committed);
      }),
      { numRuns: 40 },
    );
  },
);

test.each(kinds)("%s: finish() is made good at every step of it", async (extension, sink) => {
  const folder = await newFolder();
  const destination = join(folder, `events.${extension}`);
  const position = await write(sink, destination, ['{"a":1}', '{"a":2}']);
  const whole = await readFile(destination);
  const part = `${destination}.part`;
  const { bytes } = position as { bytes: number };

  async function finishAgain(): Promise<void> {
    await using opened = await sink.open({ ...base, destination, position, finishing: true });
    await opened.finish();
    expect((await readFile(destination)).equals(whole)).toBe(true);
    expect(existsSync(part)).toBe(false);
  }

  await finishAgain();
  for (let length = bytes; length <= whole.length; length += 1) {
    await rm(destination);
    await writeFile(part, whole.subarray(0, length));
    await finishAgain();
  }
  await truncate(destination, whole.length - 1);
  const opening = sink.open({ ...base, destination, position, finishing: true });
  await expect(opening).rejects.toMatchObject({ code: "STATE_MISMATCH" });
  await rm(destination);
});

test.each(["json.gz", "ndjson.gz"])(
  "%s: each commit with rows is one gzip member",
  async (extension) => {
    const sink = extension === "json.gz" ? jsonSink : ndjsonSink;
    const destination = join(await newFolder(), `events.${extension}`);
    await using opened = await sink.open({ ...base, destination });
    const ends: number[] = [];
    for (const text of ["1", "2", "3"]) {
      await opened.write("events", [row(text)]);
      const { bytes } = (await opened.commit()) as { bytes: number };
      expect(await opened.commit()).toEqual({ bytes });
      ends.push(bytes);
    }
    await opened.finish();
    const file = await readFile(destination);
    for (const [index, end] of ends.entries()) {
      const member = file.subarray(ends[index - 1] ?? 0, end);
      expect(
        gunzipSync(member)
          .toString()
          .trim()
          .replace(/^[[,]\n/, ""),
      ).toBe(`${index + 1}`);
    }
    expect(gunzipSync(file).toString()).toBe(oracle(extension, ["1", "2", "3"]));
  },
);

test("finish() refuses a file that somebody made meanwhile, and can go on afterwards", async () => {
  const destination = join(await newFolder(), "events.ndjson");
  await using opened = await ndjsonSink.open({ ...base, destination });
  await opened.write("events", [row("1")]);
  await opened.commit();
  await writeFile(destination, "theirs");
  await expect(opened.finish()).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
  expect(await readFile(destination, "utf8")).toBe("theirs");
  await rm(destination);
  await opened.finish();
  expect(await readFile(destination, "utf8")).toBe("1\n");
});

test("open() with force leaves the old file in its place until finish()", async () => {
  const destination = join(await newFolder(), "events.ndjson");
  await write(ndjsonSink, destination, ["1"]);
  await using opened = await ndjsonSink.open({ ...base, destination, force: true });
  await opened.write("events", [row("2")]);
  await opened.commit();
  expect(await readFile(destination, "utf8")).toBe("1\n");
  await opened.finish();
  expect(await readFile(destination, "utf8")).toBe("2\n");
});

test("open() names the unfinished export that is in the way", async () => {
  const destination = join(await newFolder(), "events.json");
  await writeFile(`${destination}.part`, "[\n1");
  await expect(jsonSink.open({ ...base, destination })).rejects.toMatchObject({
    code: "OUTPUT_EXISTS",
    message: `Cannot write "${destination}.part": an unfinished export is there`,
  });
});

test("open() refuses a path that names no file", async () => {
  const folder = await newFolder();
  await writeFile(join(folder, "file"), "");
  for (const path of ["", folder, `${folder}/`, `${folder}/new/`, join(folder, "file", "events")]) {
    const opening = ndjsonSink.open({ ...base, destination: path });
    await expect(opening).rejects.toMatchObject({ code: "OUTPUT_INVALID", kind: "usage" });
  }
  const long = join(folder, "x".repeat(300));
  const opening = ndjsonSink.open({ ...base, destination: long });
  await expect(opening).rejects.toMatchObject({ code: "OUTPUT_INVALID" });
});

test("open() takes no address for the name of a folder", async () => {
  for (const destination of ["s3://bucket/events.ndjson", "file:///tmp/events.ndjson"]) {
    const opening = ndjsonSink.open({ ...base, destination });
    await expect(opening).rejects.toMatchObject({
      code: "OUTPUT_INVALID",
      message: `Cannot write "${destination}": it is an address, not a file`,
    });
  }
});

test("open() stops at an aborted signal", async () => {
  const destination = join(await newFolder(), "events.ndjson");
  const reason = new Error("enough");
  const opening = ndjsonSink.open({ ...base, destination, signal: AbortSignal.abort(reason) });
  await expect(opening).rejects.toBe(reason);
  expect(existsSync(`${destination}.part`)).toBe(false);
});

test("finish() says when the folder is gone", async () => {
  const folder = join(await newFolder(), "gone");
  await mkdir(folder);
  const destination = join(folder, "events.ndjson");
  await using opened = await ndjsonSink.open({ ...base, destination });
  await opened.write("events", [row("1")]);
  await opened.commit();
  await rm(folder, { recursive: true });
  await expect(opened.finish()).rejects.toMatchObject({ code: "SINK_FAILED", kind: "sink" });
});

test.each(kinds)(
  "%s: write() refuses a row of several lines, all or none",
  async (extension, sink) => {
    const destination = join(await newFolder(), `events.${extension}`);
    await using opened = await sink.open({ ...base, destination });
    const writing = opened.write("events", [row("1"), row('{\n  "a": 1\n}')]);
    await expect(writing).rejects.toMatchObject({ code: "ROW_INVALID" });
    await opened.write("events", [row("2")]);
    await opened.commit();
    await opened.finish();
    expect(contentOf(destination)).toBe(oracle(extension, ["2"]));
  },
);

function createOutput(write: Output["write"]): Output {
  return { terminal: false, columns: 80, color: false, write };
}

test.each([
  ["json", jsonSink],
  ["ndjson", ndjsonSink],
] as const)(
  "%s: `-` goes to the host's output, and cannot be resumed or read",
  async (extension, sink) => {
    let text = "";
    const output = createOutput(async (bytes) => {
      text += Buffer.from(bytes).toString();
    });
    await using opened = await sink.open({ ...base, destination: "-", output });
    await opened.write("events", [row("1"), row("2")]);
    const position = await opened.commit();
    expect(position).toEqual({ bytes: extension === "json" ? 6 : 4 });
    await opened.finish();
    await opened.finish();
    expect(text).toBe(oracle(extension, ["1", "2"]));
    const resuming = sink.open({ ...base, destination: "-", output, position });
    await expect(resuming).rejects.toMatchObject({ code: "OUTPUT_NOT_RESUMABLE" });
    await expect(sink.open({ ...base, destination: "-" })).rejects.toMatchObject({
      code: "OUTPUT_INVALID",
    });
    const read = async () => {
      for await (const _ of sink.read!({ destination: "-", options: {} }));
    };
    await expect(read).rejects.toMatchObject({ code: "OUTPUT_UNREADABLE" });
  },
);

test("write() waits until the output takes more", async () => {
  const waiting: (() => void)[] = [];
  const output = createOutput(() => new Promise((resolve) => waiting.push(resolve)));
  await using opened = await ndjsonSink.open({ ...base, destination: "-", output });
  let done = false;
  const writing = opened.write("events", [row("1")]).then(() => {
    done = true;
  });
  await Promise.resolve();
  expect([waiting.length, done]).toEqual([1, false]);
  waiting[0]?.();
  await writing;
  expect(done).toBe(true);
});

test.each(kinds.slice(0, 2))("%s: after a failed write nothing is committed", async (_, sink) => {
  let calls = 0;
  const output = createOutput(async () => {
    calls += 1;
    throw new Error("broken");
  });
  await using opened = await sink.open({ ...base, destination: "-", output });
  await expect(opened.write("events", [row("1")])).rejects.toThrow("broken");
  await expect(opened.write("events", [row("2")])).rejects.toThrow("broken");
  await expect(opened.commit()).rejects.toThrow("broken");
  await expect(opened.finish()).rejects.toThrow("broken");
  expect(calls).toBe(1);
});

// Only Linux has a device that is always full; attempt.test.ts of core holds the rest for all systems.
if (process.platform === "linux") {
  test.each(kinds)("%s: a full disk is said at once or at commit", async (extension, sink) => {
    const destination = join(await newFolder(), `events.${extension}`);
    await symlink("/dev/full", `${destination}.part`);
    await using opened = await sink.open({ ...base, destination, position: { bytes: 0 } });
    const full = { code: "SINK_FULL", kind: "sink", retryable: true };
    const fill = async () => {
      for (let index = 0; index < 3; index += 1) {
        await opened.write("events", [row(`"${crypto.randomUUID().repeat(20_000)}"`)]);
      }
      await opened.commit();
    };
    await expect(fill).rejects.toMatchObject(full);
    await expect(opened.commit()).rejects.toMatchObject(full);
    await expect(opened.finish()).rejects.toMatchObject(full);
    expect(existsSync(destination)).toBe(false);
  });

  test("a device is written as it is, with no other name and no way back", async () => {
    await write(ndjsonSink, "/dev/null", ["1"]);
    expect(existsSync("/dev/null.part")).toBe(false);
    const resuming = ndjsonSink.open({ ...base, destination: "/dev/null", position: { bytes: 2 } });
    await expect(resuming).rejects.toMatchObject({ code: "OUTPUT_NOT_RESUMABLE" });
    const filling = write(ndjsonSink, "/dev/full", ["1"]);
    await expect(filling).rejects.toMatchObject({ code: "SINK_FULL" });
  });
}
