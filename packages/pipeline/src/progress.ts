/** How far an export is. */
export interface Progress {
  /** Rows in the output. */
  readonly rows: number;
  /** Bytes of those rows. */
  readonly bytes: number;
  /** Rows that came again and were dropped. */
  readonly duplicates: number;
  /** Rows of each stream that has any. */
  readonly streams: Readonly<Record<string, number>>;
  /** Slices ended, being read, and not yet begun. */
  readonly slices: { readonly done: number; readonly open: number; readonly waiting: number };
  /** About how many rows there will be. Absent: some slice does not say. */
  readonly expected?: number;
}
