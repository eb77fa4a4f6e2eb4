import { mkdtemp, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Sink, SinkPlugin } from "@decant/core";
import { jsonSink, ndjsonSink } from "@decant/sink";
import { expect, test } from "vitest";
import type { Manifest } from "./manifest.ts";
import { readState } from "./read-state.ts";
import { resumeExport } from "./resume-export.ts";
import { runExport } from "./run-export.ts";
import { bodyOf, createOffsetServer, type ServerRow } from "./testing/offset-server.ts";
import { verifyExport } from "./verify-export.ts";

const rows: ServerRow[] = Array.from({ length: 57 }, (_, index) => ({
  id: `e${index}`,
  second: index,
}));

/** A sink that fails before or after its call number `at`, counted over write, commit and finish. */
function failAt(sink: SinkPlugin, { at, after }: { at: number; after: boolean }): SinkPlugin {
  let calls = 0;
  async function step<T>(call: () => Promise<T>): Promise<T> {
    calls += 1;
    if (calls === at && !after) throw new Error("crash");
    const result = await call();
    if (calls === at) throw new Error("crash");
    return result;
  }
  return {
    ...sink,
    async open(options) {
      const inner = await sink.open(options);
      const wrapped: Sink = {
        write: (stream, batch) => step(() => inner.write(stream, batch)),
        commit: () => step(() => inner.commit()),
        finish: () => step(() => inner.finish()),
        [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
      };
      return wrapped;
    },
  };
}

test.each([
  ["out.ndjson", ndjsonSink],
  ["out.json", jsonSink],
  ["out.ndjson.gz", ndjsonSink],
  ["out.json.gz", jsonSink],
] as const)("runExport() leaves %s exact after a crash at each step of it", async (name, sink) => {
  const { source } = createOffsetServer([...rows], { pageSize: 10, counts: true });
  for (let at = 1; at <= 9; at += 1) {
    for (const after of [false, true]) {
      const destination = join(await mkdtemp(join(tmpdir(), "decant-sink-")), name);
      const state = `${destination}.decant`;
      const job = {
        source: { name: "offset", options: {} },
        sink: { name: "file", options: {}, destination },
        range: { to: "1970-01-01T01:00:00Z" },
      };
      const crashed = runExport({ source, sink: failAt(sink, { at, after }), job, state });
      await expect(crashed).rejects.toThrow("crash");
      const begun = await stat(state).catch(() => undefined);
      await (begun
        ? resumeExport({ source, sink, state })
        : runExport({ source, sink, job, state }));
      const found = await readState(state);
      const { manifest } = found as { manifest: Manifest };
      expect(manifest).toMatchObject({ status: "complete", rows: rows.length });
      expect((await verifyExport({ manifest, sink })).problems).toEqual([]);
      const bytes = await readFile(destination);
      const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
      const lines = text.split("\n").map((line) => line.replace(/,$/, ""));
      expect(lines.filter((line) => line.startsWith("{")).sort()).toEqual(rows.map(bodyOf).sort());
    }
  }
});
