import { inspect } from "node:util";
import { isDecantError, type Sink } from "@decant/core";
import { afterAll, afterEach, expect, test } from "vitest";
import { linesOf, openBench, plain, randomRow } from "./testing/open-bench.ts";
import { type Fault, type Passed, startProxy } from "./testing/start-proxy.ts";
import { startStore } from "./testing/start-store.ts";

const store = await startStore();
const proxy = await startProxy(store.endpoint);
Object.assign(process.env, store.env);
const bench = openBench(store, { endpoint: proxy.endpoint });
const rows = Array.from({ length: 12 }, (_, index) => randomRow(index, 1 << 19));

afterEach(() => {
  proxy.faults = [];
  proxy.log.length = 0;
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});

let names = 0;

function place() {
  names += 1;
  const key = `faults/${names}/rows.ndjson`;
  return { folder: `faults/${names}/`, key, destination: `s3://${store.bucket}/${key}` };
}

const completes = ({ line }: Passed) => /^POST .*uploadId=/.test(line);
const puts = ({ line }: Passed) => /^PUT [^?]*rows\.ndjson\?x-id=PutObject/.test(line);
const uploads = ({ line }: Passed) => line.includes("partNumber=");
const lists = ({ line }: Passed) => line.includes("list-type=2");
const conditional = ({ headers }: Passed) => headers["if-none-match"] === "*";

async function open(options: Parameters<typeof bench.open>[1] = {}) {
  const at = place();
  return { ...at, sink: await bench.open(at.destination, options) };
}

async function finish(sink: Sink, written = rows): Promise<void> {
  await sink.write("events", written);
  await sink.commit();
  await sink.finish();
  await sink[Symbol.asyncDispose]();
}

/** What opening fails with. */
async function refusal(fault: Fault, options = {}): Promise<unknown> {
  proxy.faults = [fault];
  return await open({ options }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

test.each([
  ["an upload in parts", completes, rows],
  ["a small object", puts, rows.slice(0, 1)],
])("s3 knows its object again when the answer to %s was lost", async (_, when, written) => {
  const { key, folder, sink } = await open();
  proxy.faults = [{ when, times: 1 }];
  await finish(sink, written);
  expect(proxy.log.filter(when)).not.toEqual([]);
  expect((await bench.text(key)) === linesOf(written)).toBe(true);
  expect(await store.list(folder)).toEqual({ keys: [key], uploads: [] });
});

test("s3 tries again what a busy store refuses, and what breaks off", async () => {
  const { key, sink } = await open();
  const answer = { status: 503, code: "SlowDown" };
  proxy.faults = [
    { when: uploads, times: 2, answer },
    { when: uploads, times: 1 },
    { when: completes, times: 1, answer: { status: 500, code: "InternalError" } },
  ];
  await finish(sink);
  expect((await bench.text(key)) === linesOf(rows)).toBe(true);
});

test("s3 gives up on a store that stays busy, and goes on later", async () => {
  const { key, folder, destination, sink } = await open({ options: { attempts: 2 } });
  await sink.write("events", rows.slice(0, 3));
  const position = plain(await sink.commit());
  proxy.faults = [{ when: uploads, answer: { status: 503, code: "SlowDown" } }];
  await expect(finish(sink, rows.slice(3))).rejects.toMatchObject({
    code: "S3_BUSY",
    kind: "sink",
    retryable: true,
  });
  await expect(sink.commit()).rejects.toMatchObject({ code: "S3_BUSY" });
  await expect(sink.finish()).rejects.toMatchObject({ code: "S3_BUSY" });
  await sink[Symbol.asyncDispose]();
  expect((await store.list(folder)).uploads).toEqual([]);
  proxy.faults = [];
  await finish(await bench.open(destination, { position }), rows.slice(3));
  expect((await bench.text(key)) === linesOf(rows)).toBe(true);
});

test("s3 looks before it writes where a store knows no conditions", async () => {
  const answer = { status: 501, code: "NotImplemented" };
  for (const written of [rows, rows.slice(0, 1)]) {
    const { key, destination, sink } = await open();
    const other = await bench.open(destination);
    proxy.faults = [{ when: conditional, answer }];
    await finish(sink, written);
    expect((await bench.text(key)) === linesOf(written)).toBe(true);
    await expect(finish(other, written)).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
    await other[Symbol.asyncDispose]();
    proxy.faults = [];
  }
});

test("s3 does without a list of uploads where a store has none", async () => {
  const when = ({ line }: Passed) => /[?&]uploads=?(&|$)/.test(line) && line.startsWith("GET");
  proxy.faults = [{ when, answer: { status: 501, code: "NotImplemented" } }];
  const { key, sink } = await open();
  await finish(sink, rows.slice(0, 1));
  expect(await bench.text(key)).toContain('{"id":0,');
});

test.each([
  { status: 400, code: "AuthorizationHeaderMalformed", more: "<Region>eu-central-9</Region>" },
  { status: 301, code: "PermanentRedirect", headers: { "x-amz-bucket-region": "eu-central-9" } },
])("s3 goes to the region that a store names with $code", async (answer) => {
  const elsewhere = ({ headers }: Passed) =>
    !headers.authorization?.includes("/eu-central-9/s3/aws4_request");
  proxy.faults = [{ when: elsewhere, answer }];
  const { key, sink } = await open();
  await finish(sink, rows.slice(0, 1));
  expect(await bench.text(key)).toContain('{"id":0,');
  expect(await refusal({ when: lists, answer })).toMatchObject({
    code: "S3_REGION_WRONG",
    kind: "usage",
    hint: "Name it with --s3-region eu-central-9 or AWS_REGION.",
  });
  const evil = { ...answer, more: "<Region>x.evil/</Region>", headers: {} };
  expect(await refusal({ when: lists, answer: evil })).toMatchObject({
    hint: "Name that region with --s3-region or AWS_REGION.",
  });
});

test.each([
  [403, "AccessDenied", "S3_DENIED"],
  [403, "Forbidden", "S3_DENIED"],
  [403, "InvalidAccessKeyId", "S3_CREDENTIALS_REFUSED"],
  [403, "SignatureDoesNotMatch", "S3_CREDENTIALS_REFUSED"],
  [400, "ExpiredToken", "S3_CREDENTIALS_REFUSED"],
  [403, "RequestTimeTooSkewed", "S3_CLOCK_SKEWED"],
  [404, "NoSuchBucket", "S3_BUCKET_MISSING"],
  [301, "PermanentRedirect", "S3_REGION_WRONG"],
  [503, "SlowDown", "S3_BUSY"],
  [502, "BadGateway", "S3_BUSY"],
  [400, "SomethingElse", "S3_FAILED"],
])("s3 says what %i %s means, and shows no secret", async (status, code, expected) => {
  const error = await refusal({ when: lists, answer: { status, code } }, { attempts: 1 });
  if (!isDecantError(error)) throw error;
  expect(error.code).toBe(expected);
  expect(error.message).toMatch(
    /^Cannot list "s3:\/\/exports\/faults\/\d+\/rows\.ndjson": .*[^.]$/,
  );
  expect(error.hint).toMatch(/\.$/);
  const shown = inspect(error, { depth: 9, showHidden: true });
  expect(shown).not.toContain(store.env["AWS_SECRET_ACCESS_KEY"]);
  expect(shown).not.toContain("AWS4-HMAC-SHA256");
});

test("s3 finds out before the first row that objects may not be written", async () => {
  const when = ({ line }: Passed) => line.startsWith("POST ") && line.includes("?uploads");
  const denied = await refusal({ when, answer: { status: 403, code: "AccessDenied" } });
  expect(denied).toMatchObject({
    code: "S3_DENIED",
    message: expect.stringMatching(/^Cannot write "s3:/),
  });
});

test("s3 says that a store cannot be reached", async () => {
  const gone = await startProxy(store.endpoint);
  await gone[Symbol.asyncDispose]();
  const options = { endpoint: gone.endpoint, attempts: 2 };
  await expect(open({ options })).rejects.toMatchObject({
    code: "S3_UNREACHABLE",
    kind: "sink",
    retryable: true,
  });
});

test("s3 asks for class and encryption of objects, and of nothing that it drops again", async () => {
  const options = { "storage-class": "GLACIER_IR", "kms-key": "key-1", region: "us-east-1" };
  // The store at hand has no keys: what counts is what it is asked for.
  const { sink } = await open({ options: { ...options, "kms-key": "" } });
  await finish(sink, rows.slice(0, 1));
  const classOf = (name: RegExp) =>
    proxy.log.find(({ line }) => line.startsWith("PUT") && name.test(line))?.headers[
      "x-amz-storage-class"
    ];
  expect(classOf(/rows\.ndjson\?/)).toBe("GLACIER_IR");
  expect(classOf(/_rows\.ndjson\.part-/)).toBeUndefined();
  await open({ options }).catch(() => {});
  const begun = proxy.log.findLast(({ line }) => line.includes("?uploads"));
  expect(begun?.headers).toMatchObject({
    "x-amz-server-side-encryption": "aws:kms",
    "x-amz-server-side-encryption-aws-kms-key-id": "key-1",
  });
  // No checksums of the SDK's, and each body signed.
  for (const { headers } of proxy.log) {
    expect(headers).not.toHaveProperty("x-amz-sdk-checksum-algorithm");
    expect(headers["x-amz-content-sha256"]).toMatch(/^[0-9a-f]{64}$/);
  }
});
