/**
 * The sinks that come with decant: `json` and `ndjson` files that hold each row exactly once
 * across any crash, and `stdout`.
 *
 * @module
 */

export { jsonSink } from "./json.ts";
export { ndjsonSink } from "./ndjson.ts";
export { readNdjsonObjects } from "./read-ndjson-objects.ts";
export { stdoutSink } from "./stdout.ts";
export { type WriteNdjsonObjectsOptions, writeNdjsonObjects } from "./write-ndjson-objects.ts";
