import type { SinkPlugin } from "@decant/core";
import { openReport } from "./open-report.ts";

/**
 * Makes one page that shows an export: counts, events over time, top issues, releases,
 * environments, tags, and a table of the newest rows with all that each holds. It needs no network,
 * and runs no script but its own.
 *
 * Until it is finished all rows lie in `<destination>.rows.part`; `finish()` reads them and makes the
 * page. Opened to `append`, or for several streams where the destination does not end in `.html`,
 * the destination is a folder, in which the page is `report-<run>.html` or `report.html`.
 *
 * The page has all rows in its counts but shows only some in full, so there is no `read()`: it does
 * not stand in for the export.
 *
 * @example
 * ```ts
 * import { createRow } from "@decant/core";
 * import { htmlSink } from "@decant/sink-html";
 *
 * await using sink = await htmlSink.open({
 *   destination: "report.html",
 *   streams: [
 *     { name: "events", columns: [{ name: "title", type: "text", paths: [["title"]] }] },
 *   ],
 *   options: { title: "The week in errors", events: 2000, megabytes: 4 },
 *   run: "20260131T120000Z-0a1b",
 *   force: true,
 * });
 * const json = new TextEncoder().encode('{"title":"TypeError: x is undefined"}');
 * await sink.write("events", [createRow({ id: "1", time: "2026-01-31T12:00:00Z", json })]);
 * await sink.commit();
 * await sink.finish();
 * ```
 */
export const htmlSink: SinkPlugin = {
  resume: "rewind",
  streams: "many",
  open: openReport,
};

export default htmlSink;
