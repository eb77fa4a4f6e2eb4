/**
 * The sink `s3`: rows into objects of any S3-compatible store, as lines of JSON. An object appears
 * when it is whole, each row in it once, over any crash.
 *
 * @module
 */

export { default, s3Sink } from "./s3-sink.ts";
