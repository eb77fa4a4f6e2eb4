/** Where the bytes of an output go. Like a sink, it has one writer and no overlapping calls. */
export interface Target extends AsyncDisposable {
  /** How many bytes it held when it was opened. */
  readonly start: number;
  /** Takes bytes, and resolves when it can take more. */
  write(parts: readonly Uint8Array[]): Promise<void>;
  /** Makes durable what was written. */
  commit(): Promise<Position>;
  /** Adds the tail and puts the output in its place. */
  finish(): Promise<void>;
}

/** Where a commit ended. */
export type Position = { readonly bytes: number };
