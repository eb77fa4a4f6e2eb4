import type { Row, SinkPlugin } from "@decant/core";

/** Outputs in memory that go back to a position as files do, and that can crash at any step. */
export interface MemoryOutput {
  /** The rows of each stream, with their ids, in the order in which they were written. */
  readonly rows: Map<string, { readonly id: string; readonly json: Uint8Array }[]>;
  readonly plugin: SinkPlugin;
}

export class Crash extends Error {}

/**
 * Makes an output.
 *
 * @param mayCrash Called before and after each step; when it says so the sink dies there, with all
 * that it has not committed.
 */
export function createMemorySink(mayCrash: () => boolean = () => false): MemoryOutput {
  const rows: MemoryOutput["rows"] = new Map();
  const step = () => {
    if (mayCrash()) throw new Crash("crash");
  };
  const plugin: SinkPlugin = {
    resume: "rewind",
    streams: "many",
    async open({ position, append }) {
      const lengths = (position ?? {}) as Record<string, number>;
      if (position !== undefined || !append) {
        for (const [stream, list] of rows) list.length = lengths[stream] ?? 0;
      }
      return {
        async write(stream: string, more: readonly Row[]) {
          step();
          const list = rows.get(stream) ?? [];
          rows.set(stream, list);
          list.push(...more.map(({ id, json }) => ({ id, json })));
          step();
        },
        async commit() {
          step();
          return Object.fromEntries([...rows].map(([stream, list]) => [stream, list.length]));
        },
        async finish() {
          step();
        },
        async [Symbol.asyncDispose]() {},
      };
    },
  };
  return { rows, plugin };
}
