/**
 * Files that only their owner can read or write, in a folder of their own: what the cache keeps
 * tokens in, for what else a program keeps beside them.
 *
 * @module
 */

export { type ReadPrivateFileOptions, readPrivateFile } from "./read-private-file.ts";
export { type WritePrivateFileOptions, writePrivateFile } from "./write-private-file.ts";
