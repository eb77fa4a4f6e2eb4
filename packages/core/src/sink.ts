import type { Json } from "./json.ts";
import type { OptionValue } from "./plugin-data.ts";
import type { Row } from "./row.ts";
import type { Stream } from "./stream.ts";

/** Where a sink writes when its destination is `-`. The host gives it; a sink never takes it. */
export interface Output {
  /** Whether a person reads it. */
  readonly terminal: boolean;
  /** The width of that terminal, in cells; 80 where unknown. */
  readonly columns: number;
  /** Whether colours are wanted. */
  readonly color: boolean;
  /**
   * Resolves when more can be taken.
   *
   * @throws {DecantError} `OUTPUT_CLOSED` when the reader went away.
   */
  write(bytes: Uint8Array): Promise<void>;
}

/** How a host opens a sink. */
export interface SinkOpenOptions {
  /** A path, an address, or `-` for {@linkcode SinkOpenOptions.output}. */
  readonly destination: string;
  /** Every stream that rows will be written for. */
  readonly streams: readonly Stream[];
  /** The sink's own options by name, checked against its data, defaults filled in. */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** Names the run, for sinks that store it: letters, digits and dashes. */
  readonly run: string;
  /**
   * What `commit()` last returned. A rewind sink goes back to just there: what was written later is
   * dropped. A keyed sink need not drop it: those rows come again and overwrite themselves. Absent:
   * a new output.
   */
  readonly position?: Json;
  /** Whether the last run had begun to finish, so that the output may be in its place already. */
  readonly finishing?: boolean;
  /** Whether an output that is there already may be replaced. */
  readonly force: boolean;
  /**
   * Whether this run adds to what earlier runs wrote, which stays as it is: files get another name, a
   * row of a table that comes again takes the place of the older one.
   * @default {false}
   */
  readonly append?: boolean;
  readonly output?: Output;
  readonly signal?: AbortSignal;
}

/** An open sink. One writer calls it: `write`, `commit` and `finish` never overlap. */
export interface Sink extends AsyncDisposable {
  /** Takes rows, all or none, and resolves when it can take more. */
  write(stream: string, rows: readonly Row[]): Promise<void>;
  /** Makes durable what was written and says where that ends, in plain JSON. */
  commit(): Promise<Json>;
  /** Puts the output in its place. Called after a commit, and again after a crash in it. */
  finish(): Promise<void>;
  /**
   * Lets go of what is held open. Without `finish()` before, what was committed is kept for a resume,
   * and `finish()` is refused from then on.
   */
  [Symbol.asyncDispose](): Promise<void>;
}

/** How a host reads an output back. */
export interface SinkReadOptions {
  readonly destination: string;
  /**
   * Only what this run wrote, for sinks that store {@linkcode SinkOpenOptions.run}, as a table may
   * hold several exports. Absent: all there is. A sink with one run an output may ignore it.
   */
  readonly run?: string;
  /** Only these streams, as they were written. Absent: all that the sink finds. */
  readonly streams?: readonly Stream[];
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly signal?: AbortSignal;
}

/**
 * What a sink's module exports as default.
 *
 * @example
 * ```ts
 * import type { SinkPlugin } from "@decant/core";
 *
 * const counter: SinkPlugin = {
 *   resume: "none",
 *   streams: "many",
 *   async open() {
 *     let rows = 0;
 *     return {
 *       async write(_stream, more) {
 *         rows += more.length;
 *       },
 *       commit: async () => ({ rows }),
 *       finish: async () => {},
 *       [Symbol.asyncDispose]: async () => {},
 *     };
 *   },
 * };
 *
 * export default counter;
 * ```
 */
export interface SinkPlugin {
  /**
   * What happens to a row written twice across a crash: `rewind` goes back to the position, so
   * each row is there once; `keyed` overwrites by id; `none` means at least once.
   */
  readonly resume: "rewind" | "keyed" | "none";
  /**
   * Whether one output holds one stream or several. Sinks of files hold several in a folder, one file
   * a stream: the destination is that folder where several streams are opened, or `append` is set.
   */
  readonly streams: "one" | "many";
  /**
   * Commits are made no more often than this, whichever comes first: after so many bytes of rows,
   * or so many milliseconds after the first row since the last commit. One alone means that the
   * other does not count. Absent: the host chooses both.
   */
  readonly commitEvery?: { readonly bytes?: number; readonly ms?: number };
  /**
   * Opens an output.
   *
   * @throws {DecantError} `OUTPUT_EXISTS` without `force`; `STATE_MISMATCH` when the output is
   * shorter than `position`.
   */
  open(options: SinkOpenOptions): Promise<Sink>;
  /** Reads a finished output back, each row as the bytes that were written. */
  read?(
    options: SinkReadOptions,
  ): AsyncIterable<{ readonly stream?: string; readonly json: readonly Uint8Array[] }>;
}
