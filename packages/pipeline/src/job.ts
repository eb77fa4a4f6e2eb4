import type { Json, OptionValue, TimeRange } from "@decant/core";
import { isRedaction, type Redaction } from "./redaction.ts";

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
  /** What is taken out of rows before they are written. Absent: they keep the server's bytes. */
  readonly redact?: Redaction;
  /** A mark that the program makes to know its own states; nothing here looks at it. */
  readonly seal?: string;
}

/** Whether a value out of a state file has the shape of a job. */
export function isJob(value: unknown): value is Job {
  const { source, sink, range, limit, redact } = (value ?? {}) as Partial<Job>;
  return (
    typeof source?.name === "string" &&
    typeof sink?.name === "string" &&
    typeof sink.destination === "string" &&
    typeof sink.options === "object" &&
    typeof range?.to === "string" &&
    ["string", "undefined"].includes(typeof range.from) &&
    ["number", "undefined"].includes(typeof limit) &&
    (redact === undefined || isRedaction(redact))
  );
}
