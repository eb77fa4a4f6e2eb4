import { DecantError, type SinkPlugin } from "@decant/core";
import type { Fuse } from "./crashing-files.ts";

/** Outputs in memory, one a run, that later runs add to. */
export interface RunOutputs {
  /** The rows of each run, by its name: stream and text. */
  readonly runs: Map<string, { readonly stream: string; readonly text: string }[]>;
  readonly finished: Set<string>;
  readonly plugin: SinkPlugin;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export function createRunSink(fuse: Fuse): RunOutputs {
  const outputs: RunOutputs = {
    runs: new Map(),
    finished: new Set(),
    plugin: {
      resume: "rewind",
      streams: "many",
      commitEvery: { bytes: 1 },
      async open({ run, append, position }) {
        if (!append) throw new DecantError("OUTPUT_EXISTS", "Cannot write", { kind: "usage" });
        const rows = outputs.runs.get(run) ?? [];
        outputs.runs.set(run, rows);
        rows.length = (position as { rows: number } | undefined)?.rows ?? 0;
        return {
          async write(stream, more) {
            fuse.step();
            for (const { json } of more) rows.push({ stream, text: decoder.decode(json) });
            fuse.step();
          },
          async commit() {
            fuse.step();
            return { rows: rows.length };
          },
          async finish() {
            fuse.step();
            outputs.finished.add(run);
          },
          async [Symbol.asyncDispose]() {},
        };
      },
      async *read({ run }) {
        for (const { stream, text } of outputs.runs.get(run ?? "") ?? []) {
          yield { stream, json: [encoder.encode(text)] };
        }
      },
    },
  };
  return outputs;
}
