import { DecantError, type Sink } from "@decant/core";
import { checkRows } from "./check-rows.ts";

/** Keeps a sink from going on after a failure, and from finishing what was closed. */
export function guardSink(sink: Sink, destination: string): Sink {
  let broken: { readonly error: unknown } | undefined;
  let finished = false;
  let closed = false;

  // After a failure nobody knows what was written: only opening at a position makes that good.
  async function step<T>(run: () => Promise<T>): Promise<T> {
    if (broken) throw broken.error;
    try {
      return await run();
    } catch (error) {
      broken = { error };
      throw error;
    }
  }

  return {
    async write(stream, rows) {
      if (rows.length === 0) return;
      checkRows(rows);
      await step(() => sink.write(stream, rows));
    },
    commit: () => step(() => sink.commit()),
    async finish() {
      if (finished) return;
      if (broken) throw broken.error;
      if (closed) throw closedBefore(destination);
      // What kept it from being moved into its place may go away: it can be tried again.
      await sink.finish();
      finished = true;
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      await sink[Symbol.asyncDispose]();
    },
  };
}

function closedBefore(destination: string): DecantError {
  return new DecantError("SINK_CLOSED", `Cannot finish "${destination}": it was closed before`, {
    kind: "sink",
    hint: "Resume the export: what was committed is kept.",
  });
}
