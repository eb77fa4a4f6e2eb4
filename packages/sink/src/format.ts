import type { Unframe } from "./read-rows.ts";
import type { Tail } from "./target.ts";

/** What stands around the rows of a file. */
export interface Format {
  /** What the names of its files end with, in a folder. */
  readonly extension: string;
  /** Before the first row. */
  readonly first: Uint8Array;
  /** Before each other row. */
  readonly next: Uint8Array;
  /** After each row. */
  readonly after: Uint8Array;
  readonly tail: Tail;
  readonly unframe: Unframe;
}
