import type { Json, OptionValue, TimeRange } from "@decant/core";

/**
 * What an export does, as it is stored in the first line of its state: all that it takes to build
 * the same source and the same sink again, and no secret.
 *
 * @example
 * ```ts
 * import type { Job } from "@decant/pipeline";
 *
 * const job: Job = {
 *   source: { name: "sentry", options: { url: "https://sentry.io", org: "acme", issues: ["WEB-1A"] } },
 *   sink: { name: "ndjson", options: {}, destination: "events.ndjson" },
 *   range: { to: "2026-11-24T12:00:00Z" },
 * };
 * ```
 */
export interface Job {
  readonly source: { readonly name: string; readonly options: Json };
  readonly sink: {
    readonly name: string;
    readonly options: Readonly<Record<string, OptionValue>>;
    readonly destination: string;
  };
  /** The range asked for, made absolute when the export began. */
  readonly range: TimeRange;
  /** Ends the export after this many rows. Absent: there is no cap. */
  readonly limit?: number;
}
