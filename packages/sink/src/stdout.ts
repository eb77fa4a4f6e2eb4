import { DecantError, type Output, type Sink, type SinkPlugin } from "@decant/core";
import { checkRows } from "./check-rows.ts";
import { formatEvent } from "./format-event.ts";
import { joinParts } from "./join-parts.ts";

const encoder = new TextEncoder();
const newline = encoder.encode("\n");

/**
 * Writes to the host's output: NDJSON with the rows' own bytes where a program reads it, and one
 * readable line a row where a person does: time, level, title, where, user, fitted to the width of
 * the terminal. Control characters are shown, never sent.
 *
 * What was printed cannot be taken back, so a resumed export may repeat rows: at least once.
 *
 * @example
 * ```ts
 * import { createRow } from "@decant/core";
 * import { stdoutSink } from "@decant/sink";
 *
 * const printed: Uint8Array[] = [];
 * await using sink = await stdoutSink.open({
 *   destination: "-",
 *   streams: [{ name: "events", columns: [] }],
 *   options: {},
 *   run: "first",
 *   force: false,
 *   output: {
 *     terminal: false,
 *     columns: 80,
 *     color: false,
 *     write: async (bytes) => void printed.push(bytes),
 *   },
 * });
 * const json = new TextEncoder().encode('{"level":"error"}');
 * await sink.write("events", [createRow({ id: "1", json })]);
 * await sink.finish();
 * ```
 */
export const stdoutSink: SinkPlugin = {
  resume: "none",
  streams: "one",
  async open({ destination, output, signal }) {
    signal?.throwIfAborted();
    if (destination !== "-") {
      throw new DecantError(
        "OUTPUT_INVALID",
        `Cannot write "${destination}": the sink "stdout" writes to standard output only`,
        { kind: "usage", hint: "Use the sink ndjson for a file, or leave the output out." },
      );
    }
    if (output) return createSink(output);
    throw new DecantError("OUTPUT_INVALID", 'Cannot write "-": there is no standard output here', {
      kind: "usage",
      hint: "Give the option `output`.",
    });
  },
};

export default stdoutSink;

function createSink(output: Output): Sink {
  let rows = 0;
  return {
    async write(_stream, more) {
      checkRows(more);
      const parts = output.terminal
        ? more.map((row) => encoder.encode(`${formatEvent(row, output)}\n`))
        : more.flatMap((row) => [row.json, newline]);
      for (const piece of joinParts(parts)) await output.write(piece);
      rows += more.length;
    },
    commit: async () => ({ rows }),
    finish: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
