import type { End } from "@decant/core";
import type { Job } from "./job.ts";

/**
 * How an export ended:
 *
 * - `complete`: every slice was read to its end
 * - `partial`: it ended, but some rows could not be had: the slices name them
 * - `interrupted`: it can be resumed
 * - `limit`: the cap that was asked for was reached
 * - `closed`: whoever read the output went away
 */
export type Status = "complete" | "partial" | "interrupted" | "limit" | "closed";

/** A row that stands at one end of a slice or stream. */
export interface Mark {
  readonly id: string;
  readonly time?: string;
}

/** What became of one slice. */
export interface SliceReport {
  readonly key: string;
  readonly stream: string;
  /** Rows that this slice added to the output. */
  readonly rows: number;
  /** Bytes of those rows, without what the sink puts around them. */
  readonly bytes: number;
  /** Rows that came again and were dropped. */
  readonly duplicates: number;
  /** How many times it was read from the beginning. */
  readonly passes: number;
  /** Sum mod 2^256 of the SHA-256 of each of its rows, in hexadecimal. */
  readonly digest: string;
  /** The earliest row. */
  readonly first?: Mark;
  /** The latest row. */
  readonly last?: Mark;
  /** Why it ended. Absent: it has not. */
  readonly end?: End;
}

/** What one stream came to. */
export interface StreamReport {
  readonly rows: number;
  readonly bytes: number;
  readonly first?: Mark;
  readonly last?: Mark;
}

/**
 * The proof of an export: what was asked, what came, and why each part ended. It replaces the
 * journal in the state file when the export ends.
 *
 * @example
 * ```ts
 * import type { Manifest } from "@decant/pipeline";
 *
 * function holes(manifest: Manifest): readonly string[] {
 *   return manifest.slices.filter((slice) => slice.end?.why === "hole").map((slice) => slice.key);
 * }
 * ```
 */
export interface Manifest {
  readonly decant: "manifest";
  readonly version: 1;
  readonly status: Status;
  /** Names the run. */
  readonly run: string;
  readonly job: Job;
  /** The source's identity. */
  readonly identity: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly rows: number;
  /** Bytes of all rows, without what the sink puts around them. */
  readonly bytes: number;
  readonly duplicates: number;
  /**
   * Sum mod 2^256 of the SHA-256 of each row's bytes, in hexadecimal. It does not depend on the
   * order of rows, and guards against accident, not forgery.
   */
  readonly digest: string;
  readonly streams: Readonly<Record<string, StreamReport>>;
  /**
   * How many values were found at each path of the job's redaction, such as
   * `{ "drop user.email": 1200 }`.
   */
  readonly matches?: Readonly<Record<string, number>>;
  readonly slices: readonly SliceReport[];
  /** Sentences on what is not as it was asked for. Empty: nothing is missing. */
  readonly notes: readonly string[];
}
