import { createHmac } from "node:crypto";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Job } from "./job.ts";
import { readState } from "./read-state.ts";
import type { Redaction } from "./redaction.ts";
import { resumeExport } from "./resume-export.ts";
import { runExport } from "./run-export.ts";
import { createMemorySink } from "./testing/memory-sink.ts";
import { createOffsetServer } from "./testing/offset-server.ts";
import { verifyExport } from "./verify-export.ts";

const hashKey = "a key of thirty-two characters...";

function redacting(redact: Redaction): Job {
  return {
    source: { name: "offset", options: {} },
    sink: { name: "memory", options: {}, destination: "out" },
    range: { to: "1970-01-01T01:00:00Z" },
    redact,
  };
}

async function statePath(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "decant-redact-")), "out.decant");
}

function makeServer() {
  const rows = Array.from({ length: 40 }, (_, index) => ({ id: `e${index}`, second: index }));
  return createOffsetServer(rows, { pageSize: 7, counts: true });
}

function redacted(id: string): string {
  const hash = createHmac("sha256", hashKey).update(`"${id}"`).digest("hex");
  return `{"id":"hmac-sha256:${hash}","big":12345678901234567890}`;
}

test("runExport() writes redacted rows, proves those, and tells of paths that found nothing", async () => {
  const { source, rows } = makeServer();
  const output = createMemorySink();
  const state = await statePath();
  const job = redacting({ drop: ["second", "secondd"], hash: ["id"] });
  const manifest = await runExport({ source, sink: output.plugin, state, job, hashKey });
  expect([...output.lines].sort()).toEqual(rows.map(({ id }) => redacted(id)).sort());
  expect(manifest).toMatchObject({
    status: "complete",
    rows: 40,
    bytes: output.lines.join("").length,
    matches: { "drop second": 40, "drop secondd": 0, "hash id": 40 },
    notes: ["drop secondd: no row has that"],
  });
  expect((await verifyExport({ manifest, sink: output.plugin })).ok).toBe(true);
  expect(await readState(state)).toEqual({ kind: "manifest", manifest });
});

test("runExport() counts the values of rows that it writes, and of no others", async () => {
  const { source } = makeServer();
  const output = createMemorySink();
  const job = { ...redacting({ drop: ["second"] }), limit: 5 };
  const state = await statePath();
  const manifest = await runExport({ source, sink: output.plugin, state, job });
  expect(manifest).toMatchObject({ rows: 5, matches: { "drop second": 5 } });
});

test("resumeExport() goes on with the same redaction, counts, and key", async () => {
  const { source, rows } = makeServer();
  let crashAt = 3;
  const output = createMemorySink({
    onStep(step) {
      if (step === "committed" && --crashAt === 0) throw new Error("crash");
    },
  });
  const sink = { ...output.plugin, commitEvery: { bytes: 1 } };
  const state = await statePath();
  const job = redacting({ drop: ["second", "no"], hash: ["id"] });
  await expect(runExport({ source, sink, state, job, hashKey })).rejects.toThrow("crash");
  const journal = await readFile(state, "utf8");
  expect(journal).toContain('"hashKeyId":"');
  expect(journal).not.toContain(hashKey);
  const found = await readState(state);
  expect(found).toMatchObject({ kind: "journal", rows: 7, job });
  await expect(
    resumeExport({ source, sink, state, hashKey: hashKey.toUpperCase() }),
  ).rejects.toMatchObject({
    code: "STATE_MISMATCH",
    message: `Cannot resume "${state}": its values are hashed with another key`,
  });
  await expect(resumeExport({ source, sink, state })).rejects.toMatchObject({
    code: "HASH_KEY_MISSING",
  });
  const manifest = await resumeExport({ source, sink, state, hashKey });
  expect([...output.lines].sort()).toEqual(rows.map(({ id }) => redacted(id)).sort());
  expect(manifest).toMatchObject({
    status: "complete",
    matches: { "drop second": 40, "drop no": 0, "hash id": 40 },
    notes: ["drop no: no row has that"],
  });
});

test("runExport() leaves everything as it is when a redaction makes no sense", async () => {
  const { source } = makeServer();
  const { plugin: sink } = createMemorySink();
  const state = await statePath();
  for (const [redact, code] of [
    [{ drop: ["a..b"] }, "PATH_INVALID"],
    [{ hash: ["a"] }, "HASH_KEY_MISSING"],
  ] as const) {
    const options = { source, sink, state, job: redacting(redact) };
    await expect(runExport(options)).rejects.toMatchObject({ code, kind: "usage" });
  }
  await expect(readState(state)).rejects.toMatchObject({ code: "STATE_NOT_FOUND" });
});

test.each([[[]], ["drop"], [{ drop: "user" }], [{ drop: [1] }], [{ dorp: ["user"] }]])(
  "readState() refuses a job whose redaction is %j",
  async (redact) => {
    const { source } = makeServer();
    const state = await statePath();
    const job = redacting(redact as unknown as Redaction);
    const { plugin: sink } = createMemorySink();
    const manifest = await runExport({ source, sink, state, job: redacting({}) });
    await writeFile(state, JSON.stringify({ ...manifest, job }));
    await expect(readState(state)).rejects.toMatchObject({ code: "STATE_CORRUPT" });
  },
);
