/**
 * What writers of files share: sinks, and the pipeline for its state. This is the one part of core
 * that does input and output, with `node:fs`, which Node, Deno and Bun have.
 *
 * @module
 */

export { attempt } from "./attempt.ts";
export { makeFolder } from "./make-folder.ts";
export { syncFolder } from "./sync-folder.ts";
export { systemCode } from "./system-code.ts";
