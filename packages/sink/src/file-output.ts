/**
 * What sinks of files are made of: a format says how rows are written, and `createFileSink()` does the
 * rest as `json` and `ndjson` do it. For those who write such a sink.
 *
 * @module
 */

export type { FileFormat, Frame, Unframe } from "./file-format.ts";
export { createFileSink } from "./file-sink.ts";
