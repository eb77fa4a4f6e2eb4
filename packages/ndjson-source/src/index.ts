/**
 * Files of JSON lines, and the JSON arrays that decant writes, as a source: what was exported once
 * can be poured into any other sink, with no second download.
 *
 * @module
 */

export { createNdjsonSource, type NdjsonSourceOptions } from "./create-ndjson-source.ts";
