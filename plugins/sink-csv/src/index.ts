/**
 * The sink `csv`: rows into CSV files (RFC 4180) for spreadsheets, one file a stream.
 *
 * @module
 */

export { csvSink, default } from "./csv.ts";
