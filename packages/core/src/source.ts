import type { Json } from "./json.ts";
import type { Row } from "./row.ts";
import type { Stream } from "./stream.ts";

/** A closed range of whole seconds, `from <= time < to`, both ISO 8601 with a `Z`. */
export interface TimeRange {
  /** Absent: as far back as the server keeps data. */
  readonly from?: string;
  /** Frozen when the export begins, so that a resumed run reads the same range. */
  readonly to: string;
  /**
   * What lies before was exported by an earlier run: of rows that never change, only those from here
   * on are wanted. Of streams that are {@linkcode Stream.mutable} all are, from `from` to `to`.
   */
  readonly after?: string;
}

/** What reading a stream would take, as far as that can be told before. */
export interface Estimate {
  /** The name of the stream. */
  readonly stream: string;
  /** About how many rows it has. Absent: nobody knows. */
  readonly rows?: number;
  /** About how many requests it takes. Absent: nobody knows. */
  readonly requests?: number;
  /** About how long it takes at the limits of the server, in milliseconds. Absent: nobody knows. */
  readonly ms?: number;
  /** Why it cannot be read, or not all of it, such as a scope that the token lacks. */
  readonly obstacle?: string;
}

/**
 * One part of the work, independent of all others and plain JSON, so that it can be stored in a
 * state file and handed to another machine.
 */
export interface Slice {
  /** Unique in the export and the same in every run of it. */
  readonly key: string;
  /** The name of the stream that its rows belong to. */
  readonly stream: string;
  /** The name of the lane, see {@linkcode Source.lanes}, that its requests use. */
  readonly lane: string;
  /**
   * How far back a row may come again: `slice` where pages shift under new rows (offset paging),
   * `page` where only neighbours can overlap (keyset paging), `none` where none comes again (a file).
   */
  readonly dedupe: "slice" | "page" | "none";
  /** What the source needs to read it. */
  readonly args: Json;
  /** About how many rows it holds, where that is known: for progress only. */
  readonly expected?: number;
  /** Read when nothing else is left to read, such as a last look at what was read. */
  readonly last?: boolean;
}

/** Why a slice ended. Anything but `complete` and `split` is named in the manifest. */
export interface End {
  /**
   * - `complete`: the server said that there is no more
   * - `split`: replaced by the slices that the same batch spawned
   * - `hole`: rows exist that could not be read
   * - `denied`: the token may not read it
   * - `gone`: it was deleted while the export ran
   * - `absent`: the server does not offer it: an older version, or a feature that is off
   * - `limit`: a cap that the user asked for
   */
  readonly why: "complete" | "split" | "hole" | "denied" | "gone" | "absent" | "limit";
  /**
   * The server's own count of rows for this slice, where it gives one that can be trusted, as it
   * was before the first page was asked for: rows that go away meanwhile, and let others slip
   * past the reader, then show as a difference.
   */
  readonly expected?: number;
  /** How many rows of that count the server fails to show. */
  readonly lost?: number;
  /** How many rows were listed twice: the count may be too high by as many, which is told then. */
  readonly twice?: number;
  /**
   * Whether rows moved from page to page while it was read, and so past the reader. `false`: they
   * cannot have, so one pass is enough. `true`: a count that is reached does not prove the contrary,
   * so a pass that adds nothing is needed, too. Without a count nothing proves it then.
   */
  readonly shifted?: boolean;
  /** A sentence for the manifest. */
  readonly detail?: string;
}

/** One page of a slice. */
export interface Batch {
  readonly rows: readonly Row[];
  /** Where to go on after these rows, or why there is nothing more. */
  readonly next: { readonly cursor: string } | { readonly end: End };
  /** Slices found on the way. They are stored in the same commit as the rows. */
  readonly spawn?: readonly Slice[];
}

/** A group of requests that share one limit of the server. */
export interface Lane {
  /** How many slices may be read at once. Asked each time a slice is about to start. */
  readonly concurrency: number;
}

/** How {@linkcode Source.read} is called. */
export interface ReadOptions {
  /** Where to go on, from an earlier batch of the same slice. Absent: from the beginning. */
  readonly cursor?: string;
  /** Ends the reading with the signal's reason. */
  readonly signal: AbortSignal;
  /** The keys of all slices that the export has found so far. */
  keys?(): Iterable<string>;
}

/**
 * Something to export from. A source holds no state of an export: what it needs is in the slices
 * and cursors that it hands out.
 *
 * @example
 * ```ts
 * import { createRow, type Source } from "@decant/core";
 *
 * const encoder = new TextEncoder();
 *
 * const source: Source = {
 *   identity: "greetings",
 *   streams: [{ name: "greetings", columns: [] }],
 *   lanes: { local: { concurrency: 1 } },
 *   async plan() {
 *     return [{ key: "all", stream: "greetings", lane: "local", dedupe: "page", args: null }];
 *   },
 *   async *read() {
 *     const rows = ["hello", "good day"].map((text) =>
 *       createRow({ id: text, json: encoder.encode(JSON.stringify({ text })) }),
 *     );
 *     yield { rows, next: { end: { why: "complete" } } };
 *   },
 * };
 * ```
 */
export interface Source {
  /** Which data this is, such as `https://sentry.io acme`. Never holds a secret. */
  readonly identity: string;
  readonly streams: readonly Stream[];
  /** Every lane that a slice may name. */
  readonly lanes: Readonly<Record<string, Lane>>;
  /** Lists the root slices. Called once an export, never again on resume. */
  plan(range: TimeRange, options: { readonly signal: AbortSignal }): Promise<readonly Slice[]>;
  /**
   * Reads a slice, page by page, until a batch says that it ended. It throws a `DecantError` when
   * it cannot go on.
   */
  read(slice: Slice, options: ReadOptions): AsyncIterable<Batch>;
  /**
   * Tells what reading all that was planned would take, stream by stream. It may ask the source, and
   * reads no more than that takes.
   */
  estimate?(
    slices: readonly Slice[],
    options: { readonly signal: AbortSignal },
  ): Promise<readonly Estimate[]>;
}
