import type { End, Stream } from "@decant/core";
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

/** How many rows there were. */
export interface Counts {
  /** Rows that were added to the output. */
  readonly rows: number;
  /** Bytes of those rows, without what the sink puts around them. */
  readonly bytes: number;
  /** Rows that came again and were dropped. */
  readonly duplicates: number;
  /**
   * Rows that an earlier run wrote, and that were left out for that; of rows that may change, those
   * that were written in just this text.
   */
  readonly held: number;
  /** Rows of which the source had lost most. They are in the output as they came. */
  readonly hollow: number;
  /**
   * Sum mod 2^256 of the SHA-256 of each row's bytes, in hexadecimal. It does not depend on the
   * order of rows, and guards against accident, not forgery.
   */
  readonly digest: string;
}

/** What one slice or stream came to. */
export interface Tally extends Counts {
  /** The same sum of the ids of the rows. */
  readonly idDigest: string;
  /** The earliest row. */
  readonly first?: Mark;
  /** The latest row. */
  readonly last?: Mark;
}

/** What became of one slice. */
export interface SliceReport extends Tally {
  readonly key: string;
  readonly stream: string;
  /** How many times it was read from the beginning. */
  readonly passes: number;
  /** Whether it had to be read again since what it gave was not what the server counted, or not the same twice. */
  readonly differed?: boolean;
  /** Whether it held all the rows that the server counted. */
  readonly confirmed?: boolean;
  /** Why it ended. Absent: it has not. */
  readonly end?: End;
}

/** What one stream came to. */
export interface StreamReport extends Tally {
  /** Where the parts of an id lie in its rows, as the stream says. */
  readonly id?: NonNullable<Stream["id"]>;
  /** Whether ids may be there more than once: its source copies what it finds, or rows change meanwhile. */
  readonly repeats?: boolean;
}

/** How far an export is proved, summed up. */
export interface Proof {
  /** Slices that were read, without those that others took the place of. */
  readonly slices: number;
  /** What of that the server's own count confirmed. */
  readonly confirmed: { readonly slices: number; readonly rows: number };
  /** Slices that were read again, since what they gave differed. */
  readonly reread: number;
  /** Slices with rows that could not be read. */
  readonly holes: number;
  /** Slices that were deleted while the export ran. */
  readonly gone: number;
  /** Slices that the token may not read. */
  readonly denied: number;
  /** Slices that the server does not offer. */
  readonly absent: number;
}

/** What a run knows of the runs before it, where each goes on where the last one ended. */
export interface Series {
  /** How far this run looks back for rows that came late, in milliseconds. */
  readonly lookbackMs: number;
  /** The names of the streams, which are those of every run. */
  readonly streams: readonly string[];
  /** Tells with which key values are hashed. The key itself is never stored. */
  readonly hashKeyId?: string;
  /** The run before, and the size of what it left held, in bytes. Absent: this is the first. */
  readonly previous?: { readonly run: string; readonly heldBytes: number };
  /** Up to where runs that were complete have exported everything. Absent: none was complete. */
  readonly covered?: string;
  /** From where on it is held which rows that never change were written. Absent: from the beginning. */
  readonly heldSince?: string;
  /** From where on this run looked for such rows. Absent: from the beginning of its range. */
  readonly after?: string;
  /**
   * Streams of which an earlier run could not read all, as it was denied or absent. Of rows that never
   * change, runs do not look for what they missed, as they begin with `after`.
   */
  readonly unread?: readonly string[];
  /** Whether it looked back less far than was asked for, as no more is held. */
  readonly shortened?: boolean;
}

/** What a run leaves to the next. */
export interface EndedSeries extends Series {
  /** The size of what is held, in bytes. */
  readonly heldBytes: number;
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
export interface Manifest extends Counts {
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
  readonly proof: Proof;
  /** By name. */
  readonly streams: Readonly<Record<string, StreamReport>>;
  /**
   * How many values were found at each path of the job's redaction, such as
   * `{ "drop user.email": 1200 }`.
   */
  readonly matches?: Readonly<Record<string, number>>;
  /** How later runs go on. Absent: none is to. */
  readonly series?: EndedSeries;
  readonly slices: readonly SliceReport[];
  /** Sentences on what is not as it was asked for. Empty: nothing is missing. */
  readonly notes: readonly string[];
}
