import type { SinkPlugin } from "@decant/core";
import { checkDestination } from "./check-destination.ts";
import { openInPlace } from "./open-in-place.ts";
import { openPart } from "./open-part.ts";
import { planTables } from "./plan-tables.ts";
import { readTables } from "./read-tables.ts";

/**
 * Writes rows into a SQLite database, one table a stream. A table is named after its stream, with
 * `_` for `-`, and has the columns `row_id`, its key, `row_time`, those of the stream, `run`, and
 * `raw`, the row as it was sent.
 *
 * A new database is named `<destination>.part` until it is finished. Opened to `append`, the sink
 * writes into the database that is there; with the option `into` also into one of somebody else.
 * `commit()` ends a transaction, which is on the disk then.
 *
 * @example
 * ```ts
 * import { createRow } from "@decant/core";
 * import { sqliteSink } from "@decant/sink-sqlite";
 *
 * await using sink = await sqliteSink.open({
 *   destination: "events.sqlite",
 *   streams: [
 *     { name: "events", columns: [{ name: "level", type: "text", paths: [["level"]] }] },
 *   ],
 *   options: {},
 *   run: "first",
 *   force: false,
 * });
 * const json = new TextEncoder().encode('{"level":"error"}');
 * await sink.write("events", [createRow({ id: "1", json })]);
 * await sink.commit();
 * await sink.finish();
 * ```
 */
export const sqliteSink: SinkPlugin = {
  resume: "keyed",
  streams: "many",
  async open(options) {
    options.signal?.throwIfAborted();
    await checkDestination(options.destination);
    const tables = planTables(options);
    const inPlace = options.append === true || options.options["into"] === true;
    return await (inPlace ? openInPlace : openPart)(options, tables);
  },
  read: readTables,
};

export default sqliteSink;
