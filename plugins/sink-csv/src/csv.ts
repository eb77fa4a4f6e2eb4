import { DecantError, type SinkPlugin } from "@decant/core";
import { createFileSink } from "@decant/sink/file-output";
import { createUnframe } from "./create-unframe.ts";
import { delimiterOf } from "./delimiter-of.ts";
import { byteOrderMark, createRowFormatter, formatHeader } from "./format-record.ts";
import { checkColumns, hasRaw, planColumns } from "./plan-columns.ts";

const encoder = new TextEncoder();
const nothing = new Uint8Array();

const files = createFileSink({
  extension: ".csv",
  frame(stream, options) {
    const columns = planColumns(stream, options);
    const form = { delimiter: delimiterOf(options), guard: options["guard"] !== false };
    const formatRow = createRowFormatter(columns, form);
    const mark = options["bom"] === true ? byteOrderMark : "";
    const head = encoder.encode(mark + formatHeader(columns, form));
    return {
      head,
      parts: (rows) => [encoder.encode(rows.map(formatRow).join(""))],
      // A table without rows still says what its columns are.
      tail: (empty) => (empty ? head : nothing),
    };
  },
  unframe: (options) => createUnframe(delimiterOf(options)),
});

/**
 * Writes CSV files as RFC 4180 has them: a header, CRLF, UTF-8, and quotes where they are needed. The
 * columns are `row_id`, `row_time`, those of the stream, and with the option `raw` the row as it was
 * sent. What a spreadsheet would take for a formula begins with `'`.
 *
 * A destination that ends in `.gz` is compressed. Until it is finished a file is named
 * `<destination>.part`. Opened for several streams, or to `append`, the destination is a folder with
 * one file for each stream that has rows: `<stream>.csv`, or `<stream>-<run>.csv`.
 *
 * @example
 * ```ts
 * import { createRow } from "@decant/core";
 * import { csvSink } from "@decant/sink-csv";
 *
 * await using sink = await csvSink.open({
 *   destination: "events.csv",
 *   streams: [
 *     { name: "events", columns: [{ name: "title", type: "text", paths: [["title"]] }] },
 *   ],
 *   options: { bom: true },
 *   run: "first",
 *   force: false,
 * });
 * const json = new TextEncoder().encode('{"title":"=1+1"}');
 * await sink.write("events", [createRow({ id: "1", json })]);
 * await sink.commit();
 * await sink.finish();
 * // row_id,row_time,title
 * // 1,,'=1+1
 * ```
 */
export const csvSink: SinkPlugin = {
  ...files,
  async open(options) {
    checkColumns(options);
    return await files.open(options);
  },
  async *read(options) {
    if (!hasRaw(options.options)) throw withoutRaw(options.destination);
    yield* files.read!(options);
  },
};

export default csvSink;

function withoutRaw(destination: string): DecantError {
  return new DecantError(
    "SINK_UNREADABLE",
    `Cannot read the rows of "${destination}" back: it has no column "raw"`,
    { kind: "usage", hint: "Export with --csv-raw to be able to verify." },
  );
}
