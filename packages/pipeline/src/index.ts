/**
 * From a source into a sink: each row exactly once across any crash, in flat memory, with a
 * manifest that proves what was exported.
 *
 * @module
 */

export type { Job } from "./job.ts";
export type { LockOwner } from "./lock.ts";
export type {
  Counts,
  EndedSeries,
  Manifest,
  Mark,
  Proof,
  Series,
  SliceReport,
  Status,
  StreamReport,
  Tally,
} from "./manifest.ts";
export { type NextRun, nextRun } from "./next-run.ts";
export type { Progress } from "./progress.ts";
export { readState, type State } from "./read-state.ts";
export type { Redaction } from "./redaction.ts";
export { type ResumeOptions, resumeExport } from "./resume-export.ts";
export { type ExportOptions, type IncrementalOptions, runExport } from "./run-export.ts";
export {
  type Reading,
  type Verification,
  type VerifyOptions,
  verifyExport,
} from "./verify-export.ts";
