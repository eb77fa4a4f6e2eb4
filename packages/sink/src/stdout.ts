import { DecantError, type Output, type Sink, type SinkPlugin, type Stream } from "@decant/core";
import { checkRows } from "./check-rows.ts";
import { formatRow } from "./format-row.ts";
import { joinParts } from "./join-parts.ts";

const encoder = new TextEncoder();
const newline = encoder.encode("\n");

/**
 * Writes to the host's output: NDJSON with the rows' own bytes where a program reads it, and one
 * readable line a row where a person does: time, level, title, where, user, as the stream's `display`
 * says, fitted to the width of the terminal. Rows of other streams are shown as JSON. Control characters are shown, never sent.
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
  async open({ destination, streams, output, signal }) {
    signal?.throwIfAborted();
    if (destination !== "-") {
      throw new DecantError(
        "OUTPUT_INVALID",
        `Cannot write "${destination}": the sink "stdout" writes to standard output only`,
        { kind: "usage", hint: "Use the sink ndjson for a file, or leave the output out." },
      );
    }
    if (output) return createSink(output, streams);
    throw new DecantError("OUTPUT_INVALID", 'Cannot write "-": there is no standard output here', {
      kind: "usage",
      hint: "Give the option `output`.",
    });
  },
};

export default stdoutSink;

function createSink(output: Output, streams: readonly Stream[]): Sink {
  let rows = 0;
  return {
    async write(name, more) {
      checkRows(more);
      const stream = streams.find((other) => other.name === name);
      const parts = output.terminal
        ? more.map((row) => encoder.encode(`${formatRow(row, { stream, output })}\n`))
        : more.flatMap((row) => [row.json, newline]);
      for (const piece of joinParts(parts)) await output.write(piece);
      rows += more.length;
    },
    commit: async () => ({ rows }),
    finish: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
