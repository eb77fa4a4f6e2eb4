import assert from "node:assert/strict";
import { DecantError, isDecantError } from "../decant-error.ts";
import type { Output, Sink } from "../sink.ts";
import { makeRow, makeRows, plain, refuses, type SinkCase, streams } from "./sink-bench.ts";

const [{ name: stream }] = streams;

/** The rules of what happens when the output, the rows or the user get in the way. */
export const troubleCases: readonly SinkCase[] = [
  {
    name: "open() ends with the reason of an aborted signal",
    async run(bench) {
      const reason = new Error("enough");
      await assert.rejects(bench.open({ signal: AbortSignal.abort(reason) }), reason);
      await bench.complete(makeRows(2));
      await bench.holds(makeRows(2));
    },
  },
  {
    name: "open() at a position goes on after an abort",
    when: (plugin) => plugin.resume !== "none",
    async run(bench) {
      const user = new AbortController();
      const sink = await bench.open({ signal: user.signal });
      await sink.write(stream, makeRows(3));
      const position = plain(await sink.commit());
      user.abort(new Error("enough"));
      await settled(sink.write(stream, makeRows(2, 3)));
      await sink[Symbol.asyncDispose]();
      await bench.resume(makeRows(2, 3), { position });
      await bench.holds(makeRows(5));
    },
  },
  {
    name: "open() at a position makes good a write() that failed",
    when: (plugin) => plugin.resume !== "none",
    async run(bench) {
      const sink = await bench.open();
      await sink.write(stream, makeRows(3));
      const position = plain(await sink.commit());
      await settled(sink.write(stream, [...makeRows(1, 3), makeRow(4, '{"id":"4","title":"cut')]));
      await sink[Symbol.asyncDispose]();
      const rest = makeRows(2, 3);
      await bench.resume(rest, { position });
      await bench.holds(makeRows(5));
    },
  },
  {
    name: "open() beside another run keeps the rows of both, or is refused",
    when: (plugin) => plugin.resume === "keyed",
    async run(bench) {
      await using one = await bench.open({ run: "1-one" });
      await one.write(stream, makeRows(3));
      await one.commit();
      const more = await beside(() => bench.open({ run: "2-two" }));
      await one.write(stream, makeRows(2, 3));
      await one.commit();
      await one.finish();
      await bench.holds(makeRows(5 + more));
    },
  },
  {
    name: "write() waits for a slow output",
    when: (plugin) => plugin.resume === "none",
    async run(bench) {
      // A queue, say, that the sink itself opens, is its author's to test.
      if (!bench.output) return;
      const slow = createSlowOutput(bench.output);
      await using sink = await bench.open({ output: slow.output });
      let done = false;
      const writing = sink.write(stream, makeRows(3)).then(() => {
        done = true;
      });
      await slow.asked;
      // Whatever is ready runs before a macrotask.
      await new Promise((resolve) => setTimeout(resolve));
      assert.equal(done, false, "write() did not wait for the output");
      slow.release();
      await writing;
      await sink.commit();
      await sink.finish();
      await bench.holds(makeRows(3));
    },
  },
  {
    name: "write() tells that the reader of the output went away",
    when: (plugin) => plugin.resume === "none",
    async run(bench) {
      // A queue, say, that the sink itself opens, is its author's to test.
      if (!bench.output) return;
      const closed = new DecantError("OUTPUT_CLOSED", 'Cannot write "-": its reader went away', {
        kind: "sink",
      });
      const write = async (): Promise<void> => Promise.reject(closed);
      await using sink = await bench.open({ output: { ...bench.output, write } });
      await refuses(async () => {
        await sink.write(stream, makeRows(3));
        await sink.commit();
      }, "OUTPUT_CLOSED");
    },
  },
];

/** Two more rows of another run, unless the sink does not let it in. */
async function beside(open: () => Promise<Sink>): Promise<number> {
  let other: Sink;
  try {
    other = await open();
  } catch (error) {
    assert(isDecantError(error), `not a DecantError: ${error}`);
    return 0;
  }
  await using sink = other;
  await sink.write(stream, makeRows(2, 5));
  await sink.commit();
  await sink.finish();
  return 2;
}

/** For a step that may fail here: what comes after it is what counts. */
async function settled(step: Promise<unknown>): Promise<void> {
  await step.catch(() => {});
}

interface SlowOutput {
  readonly output: Output;
  /** Resolves when something was to be written. */
  readonly asked: Promise<void>;
  release(): void;
}

function createSlowOutput(output: Output): SlowOutput {
  const asked = Promise.withResolvers<void>();
  const free = Promise.withResolvers<void>();
  async function write(bytes: Uint8Array): Promise<void> {
    asked.resolve();
    await free.promise;
    await output.write(bytes);
  }
  return { output: { ...output, write }, asked: asked.promise, release: free.resolve };
}
