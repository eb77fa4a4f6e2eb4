import { DecantError, type SinkPlugin } from "@decant/core";

/** An output in memory that goes back to its position, as a file would. */
export interface MemoryOutput {
  readonly lines: string[];
  finished: boolean;
  readonly plugin: SinkPlugin;
}

export interface MemorySinkOptions {
  /** Called before and after each step: the place to crash. */
  onStep?(step: "write" | "written" | "commit" | "committed" | "finish" | "finished"): void;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export function createMemorySink({ onStep }: MemorySinkOptions = {}): MemoryOutput {
  const output: MemoryOutput = {
    lines: [],
    finished: false,
    plugin: {
      resume: "rewind",
      streams: "one",
      async open({ position, force }) {
        if (output.finished && position === undefined && !force) {
          throw new DecantError("OUTPUT_EXISTS", "Cannot write: it exists", { kind: "usage" });
        }
        output.lines.length = (position as { lines: number } | undefined)?.lines ?? 0;
        return {
          async write(_stream, rows) {
            onStep?.("write");
            output.lines.push(...rows.map((row) => decoder.decode(row.json)));
            onStep?.("written");
          },
          async commit() {
            onStep?.("commit");
            const { length } = output.lines;
            onStep?.("committed");
            return { lines: length };
          },
          async finish() {
            onStep?.("finish");
            output.finished = true;
            onStep?.("finished");
          },
          async [Symbol.asyncDispose]() {},
        };
      },
      async *read() {
        yield { json: output.lines.map((line) => encoder.encode(line)) };
      },
    },
  };
  return output;
}
