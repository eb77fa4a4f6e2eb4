import type { Stream } from "@decant/core";
import { ancestorsOf, streamTable } from "./stream-table.ts";
import { toStream } from "./to-stream.ts";

/** A stream that {@linkcode createSentrySource} can read, for those who show what there is. */
export interface SentryStream extends Stream {
  /** What its rows are, without a period. */
  readonly summary: string;
  /**
   * The streams whose rows it is read for, one after the other, the outermost first, such as
   * `projects` and `issues`. Empty: it is read once.
   */
  readonly parents: readonly string[];
  /** Where the API has it, below `/api/0/`. */
  readonly path: string;
  /** A scope that lets a token read it. */
  readonly scope: string;
  /** Whether only rows of a range of time are read. Others are read whole. */
  readonly byTime: boolean;
}

/**
 * Every stream of Sentry, with its columns.
 *
 * @example
 * ```ts
 * import { sentryStreams } from "@decant/sentry-source";
 *
 * for (const { name, summary, scope } of sentryStreams) console.log(name, summary, scope);
 * ```
 */
export const sentryStreams: readonly SentryStream[] = streamTable.map((entry) => ({
  ...toStream(entry),
  summary: entry.summary,
  parents: ancestorsOf(entry).map(({ name }) => name),
  path: entry.path,
  scope: entry.scope,
  byTime: entry.bounds === true || entry.byTime === true,
}));
