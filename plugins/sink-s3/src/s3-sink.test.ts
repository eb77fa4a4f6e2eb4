import { gunzipSync } from "node:zlib";
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { Json, Row } from "@decant/core";
import { afterAll, expect, test } from "vitest";
import { s3Sink } from "./s3-sink.ts";
import { linesOf, openBench, plain, randomRow } from "./testing/open-bench.ts";
import { startStore } from "./testing/start-store.ts";

const store = await startStore();
Object.assign(process.env, store.env);
afterAll(() => store[Symbol.asyncDispose]());
const bench = openBench(store);

/** Just above what fills a part of 5 MiB. */
const partful = 11;
const half = 1 << 19;

let folders = 0;

function place(name: string) {
  folders += 1;
  const folder = `own/${folders}/`;
  return { folder, key: folder + name, destination: `s3://${store.bucket}/${folder}${name}` };
}

function rows(count: number, first = 0, bytes = half): Row[] {
  return Array.from({ length: count }, (_, index) => randomRow(first + index, bytes));
}

async function readBack(destination: string, options = store.options): Promise<string> {
  const chunks: string[] = [];
  for await (const { json } of s3Sink.read!({ destination, options })) {
    for (const row of json) chunks.push(`${new TextDecoder().decode(row)}\n`);
  }
  return chunks.join("");
}

/** Small numbers that differ from run to run are all that is needed here. */
function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}

test.each(["rows.ndjson", "rows.ndjson.gz"])(
  "s3 writes %s in parts, exactly, over crashes of every kind",
  async (name) => {
    const { folder, key, destination } = place(name);
    const all = rows(26);
    let position: Json | undefined;
    let sink = await bench.open(destination);
    position = plain(await sink.commit());
    let committed = 0;
    let written = 0;
    const steps: string[] = [];
    while (committed < all.length) {
      const step = below(10);
      if (step === 0) {
        steps.push("crash");
        // A process that is killed lets nothing go.
        if (below(2) === 0) await sink[Symbol.asyncDispose]();
        sink = await bench.open(destination, { position });
        written = committed;
      } else if (step < 3 || written === all.length) {
        steps.push("commit");
        const next = plain(await sink.commit());
        // Killed before the host had recorded it.
        if (below(5) === 0) {
          sink = await bench.open(destination, { position });
          written = committed;
        } else {
          position = next;
          committed = written;
        }
      } else {
        const end = Math.min(all.length, written + below(12));
        steps.push(`write ${end - written}`);
        await sink.write("events", all.slice(written, end));
        written = end;
      }
    }
    await sink.finish();
    const bytes = await store.read(key);
    const text = new TextDecoder().decode(name.endsWith(".gz") ? gunzipSync(bytes) : bytes);
    expect(text === linesOf(all), steps.join(", ")).toBe(true);
    expect((await readBack(destination)) === text).toBe(true);
    expect(await store.list(folder)).toEqual({ keys: [key], uploads: [] });
  },
);

test("s3 goes on where a finished object is already in its place", async () => {
  const { folder, key, destination } = place("rows.ndjson");
  const sink = await bench.open(destination);
  await sink.write("events", rows(partful));
  const position = plain(await sink.commit());
  await sink.finish();
  const text = await bench.text(key);
  const again = await bench.open(destination, { position, finishing: true });
  expect(await again.commit()).toEqual(position);
  await again.finish();
  expect((await bench.text(key)) === text).toBe(true);
  expect(await store.list(folder)).toEqual({ keys: [key], uploads: [] });
});

test("s3 leaves nothing behind of what was never committed", async () => {
  const { folder, destination } = place("rows.ndjson");
  const sink = await bench.open(destination);
  await sink.commit();
  await sink.write("events", rows(partful * 2));
  await sink[Symbol.asyncDispose]();
  expect(await store.list(folder)).toEqual({ keys: [], uploads: [] });
  await expect(bench.open("s3://no-such-bucket-here/x")).rejects.toMatchObject({
    code: "S3_BUCKET_MISSING",
  });
});

test("s3 drops an upload that a killed process began after its last commit", async () => {
  const { folder, key, destination } = place("rows.ndjson");
  const killed = await bench.open(destination);
  const position = plain(await killed.commit());
  await killed.write("events", rows(partful));
  await bench.open(destination, { position }).then((sink) => sink[Symbol.asyncDispose]());
  expect(await store.list(folder)).toEqual({ keys: [], uploads: [] });
  const sink = await bench.open(destination);
  await sink.commit();
  await sink.finish();
  expect(await store.list(folder)).toEqual({ keys: [key], uploads: [] });
});

test("s3 refuses to go on where parts or the end of what was written are gone", async () => {
  const { folder, key, destination } = place("rows.ndjson");
  const sink = await bench.open(destination);
  await sink.write("events", rows(partful));
  const position = plain(await sink.commit()) as { readonly upload: string };
  await sink[Symbol.asyncDispose]();
  const { keys } = await store.list(folder);
  expect(keys).toEqual([expect.stringMatching(/\/_rows\.ndjson\.part-[0-9a-f-]{36}-00001$/)]);
  const upload = { Bucket: store.bucket, Key: key, UploadId: position.upload };
  await bench.client.send(new AbortMultipartUploadCommand(upload));
  await expect(bench.open(destination, { position })).rejects.toMatchObject({
    code: "STATE_MISMATCH",
    kind: "usage",
    message: expect.stringContaining("its unfinished upload is gone"),
  });
  const end = { Bucket: store.bucket, Key: keys[0]! };
  const whole = await store.read(keys[0]!);
  const cut = new PutObjectCommand({ ...end, Body: whole.subarray(0, -1) });
  for (const command of [cut, new DeleteObjectCommand(end)]) {
    await bench.client.send(command as PutObjectCommand);
    await expect(bench.open(destination, { position })).rejects.toMatchObject({
      code: "STATE_MISMATCH",
      message: expect.stringContaining("the end of what was written is gone"),
    });
  }
});

test("s3 lets two exports at once not overwrite each other, nor lose what they hold", async () => {
  const { folder, key, destination } = place("rows.ndjson");
  const one = await bench.open(destination);
  const two = await bench.open(destination);
  await one.write("events", rows(partful));
  await two.write("events", rows(partful, 100));
  await one.commit();
  const position = plain(await two.commit());
  await one.finish();
  const text = await bench.text(key);
  await expect(two.finish()).rejects.toMatchObject({
    code: "OUTPUT_EXISTS",
    message: expect.stringContaining("something else has been put there"),
  });
  await two[Symbol.asyncDispose]();
  expect((await bench.text(key)) === text).toBe(true);
  await bench.client.send(new DeleteObjectCommand({ Bucket: store.bucket, Key: key }));
  const again = await bench.open(destination, { position, finishing: true });
  await again.finish();
  expect(await bench.text(key)).toContain('{"id":100,');
  expect(await store.list(folder)).toEqual({ keys: [key], uploads: [] });
});

test("s3 leaves an older object in its place until a new one is finished", async () => {
  const { folder, key, destination } = place("rows.ndjson.gz");
  const put = { Bucket: store.bucket, Key: key, Body: "old" };
  await bench.client.send(new PutObjectCommand(put));
  await expect(bench.open(destination)).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
  const left = await bench.open(destination, { force: true });
  await left.write("events", rows(partful * 2));
  await left.commit();
  await left[Symbol.asyncDispose]();
  expect((await store.list(folder)).uploads).toEqual([key]);
  await using sink = await bench.open(destination, { force: true });
  await sink.write("events", rows(1));
  await sink.commit();
  expect(await bench.text(key)).toBe("old");
  await sink.finish();
  expect(gunzipSync(await store.read(key)).byteLength).toBeGreaterThan(half);
  expect(await store.list(folder)).toEqual({ keys: [key], uploads: [] });
});

test("s3 names objects after streams and runs in a folder", async () => {
  const { folder, destination } = place("");
  const streams = ["events", "issues", "releases"].map((name) => ({ name, columns: [] }));
  for (const [run, count] of [
    ["20260101T000000Z-0a1b", 1],
    ["20260102T000000Z-0a1c", 2],
  ] as const) {
    await using sink = await bench.open(destination, { streams, run, append: true });
    await sink.write("events", rows(count, 0, 10));
    await sink.write("issues", rows(1, 0, 10));
    await sink.commit();
    await sink.finish();
  }
  await using single = await bench.open(destination, { options: { gzip: true } });
  await single.commit();
  await single.finish();
  expect((await store.list(folder)).keys).toEqual(
    [
      "events-20260101T000000Z-0a1b.ndjson",
      "events-20260102T000000Z-0a1c.ndjson",
      "events.ndjson.gz",
      "issues-20260101T000000Z-0a1b.ndjson",
      "issues-20260102T000000Z-0a1c.ndjson",
    ].map((name) => folder + name),
  );
});

test("s3 takes keys of any letters, and says what kind of object it makes", async () => {
  const { key, destination } = place("größe & 100%+ (1) 'a'?#[x].ndjson.gz");
  await using sink = await bench.open(destination);
  await sink.write("events", rows(1, 0, 100));
  await sink.commit();
  await sink.finish();
  const found = await bench.client.send(new HeadObjectCommand({ Bucket: store.bucket, Key: key }));
  expect(found).toMatchObject({ ContentType: "application/gzip" });
  expect(found.ContentEncoding).toBeUndefined();
  expect(found.Metadata).toEqual({ "decant-export": expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(await readBack(destination)).toContain('{"id":0,');
});

test("read() tells what was changed, cut off or is not finished", async () => {
  const { folder, key, destination } = place("events.ndjson.gz");
  const sink = await bench.open(destination);
  await sink.write("events", rows(1));
  await sink.commit();
  const asFolder = `s3://${store.bucket}/${folder}`;
  for (const unfinished of [destination, asFolder]) {
    await expect(readBack(unfinished)).rejects.toMatchObject({
      code: "OUTPUT_MISSING",
      kind: "verify",
    });
  }
  await sink.finish();
  const whole = await store.read(key);
  const put = { Bucket: store.bucket, Key: key };
  for (const Body of [whole.subarray(0, 1000), "no gzip"]) {
    await bench.client.send(new PutObjectCommand({ ...put, Body }));
    await expect(readBack(destination)).rejects.toMatchObject({
      code: "OUTPUT_MALFORMED",
      kind: "verify",
    });
  }
});

test("read() ends when the object is replaced while it is read", async () => {
  const { key, destination } = place("events.ndjson");
  const put = { Bucket: store.bucket, Key: key };
  const lines = linesOf(rows(20));
  await bench.client.send(new PutObjectCommand({ ...put, Body: lines }));
  const reading = s3Sink.read!({ destination, options: store.options })[Symbol.asyncIterator]();
  await reading.next();
  await bench.client.send(new PutObjectCommand({ ...put, Body: lines.replace("0", "1") }));
  await expect(async () => {
    while (!(await reading.next()).done);
  }).rejects.toMatchObject({ code: "OUTPUT_UNREADABLE", kind: "verify" });
});
