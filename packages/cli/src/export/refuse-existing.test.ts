import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRow, type SinkPlugin, type Source } from "@decant/core";
import { runExport } from "@decant/pipeline";
import { expect, test } from "vitest";
import { refuseExisting } from "./refuse-existing.ts";

const memory: SinkPlugin = {
  resume: "none",
  streams: "one",
  open: async () => ({
    write: async () => {},
    commit: async () => null,
    finish: async () => {},
    [Symbol.asyncDispose]: async () => {},
  }),
};

/** Gives one row, and then fails if asked to. */
function source({ rows, fails }: { rows: number; fails: boolean }): Source {
  return {
    identity: "test",
    streams: [{ name: "s", columns: [] }],
    lanes: { l: { concurrency: 1 } },
    plan: async () => [{ key: "k", stream: "s", lane: "l", dedupe: "page", args: null }],
    async *read() {
      const all = Array.from({ length: rows }, (_, i) =>
        createRow({ id: String(i), json: new TextEncoder().encode("{}") }),
      );
      yield { rows: all, next: { cursor: "1" } };
      if (fails) throw new Error("failed");
      yield { rows: [], next: { end: { why: "complete" } } };
    },
  };
}

async function exported(options: { rows: number; fails: boolean }) {
  const folder = await mkdtemp(join(tmpdir(), "decant-refuse-"));
  const destination = join(folder, "out");
  const state = `${destination}.decant`;
  const job = {
    source: { name: "t", options: null },
    sink: { name: "m", options: {}, destination },
    range: { to: "2026-11-24T00:00:00Z" },
  };
  await runExport({ source: source(options), sink: memory, state, job }).catch(() => {});
  return { destination, state };
}

test("refuseExisting() allows a new place, and one where a try failed before its first row", async () => {
  expect(await refuseExisting("/nowhere/x.decant", "/nowhere/x")).toBe(false);
  const { state, destination } = await exported({ rows: 0, fails: true });
  expect(await refuseExisting(state, destination)).toBe(true);
  await writeFile(destination, "somebody's");
  await expect(refuseExisting(state, destination)).rejects.toMatchObject({ code: "STATE_EXISTS" });
});

test("refuseExisting() refuses an export that can go on, and says how", async () => {
  const { state, destination } = await exported({ rows: 1, fails: true });
  await expect(refuseExisting(state, destination)).rejects.toMatchObject({
    code: "STATE_EXISTS",
    kind: "usage",
    hint: expect.stringContaining("decant resume"),
  });
});

test("refuseExisting() refuses an export that has ended", async () => {
  const { state, destination } = await exported({ rows: 1, fails: false });
  await expect(refuseExisting(state, destination)).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
});
