import type { OptionValue, Row, Stream } from "@decant/core";

/** A format of files that hold rows one after another, in lines. */
export interface FileFormat {
  /** What the names of its files end with, in a folder: `.ndjson`. */
  readonly extension: string;
  /** How the file of a stream is written, with the options that the sink was opened with. */
  frame(stream: Stream, options: Readonly<Record<string, OptionValue>>): Frame;
  /** How a file is read back, with the options that it was written with. */
  unframe(options: Readonly<Record<string, OptionValue>>): Unframe;
}

/** What stands in a file besides the rows, and how they are written. */
export interface Frame {
  /** Before the first row. */
  readonly head: Uint8Array;
  /**
   * Writes rows.
   *
   * @param rows One at least.
   * @param empty Whether they are the first of the file; the head need not be repeated.
   */
  parts(rows: readonly Row[], empty: boolean): readonly Uint8Array[];
  /** What closes a file. An empty one has had no head. */
  tail(empty: boolean): Uint8Array;
}

/** Takes the lines of one file in their order, and gives the rows in them. */
export interface Unframe {
  /**
   * @param bytes A line without its line feed.
   * @returns The row that ends here, nothing where none does, or `malformed`.
   */
  line(bytes: Uint8Array): Uint8Array | undefined | "malformed";
  /** Whether the file may end here. */
  ended(): boolean;
}
