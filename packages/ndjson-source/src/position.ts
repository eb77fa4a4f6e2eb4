import { DecantError } from "@decant/core";
import type { Frame } from "./parse-line.ts";

/** Where the reading of a file is. A stored cursor holds it as JSON. */
export interface Position {
  /** Where the next line begins, in bytes of the text, after decompression. */
  readonly offset: number;
  /** The number of that line, from 1. */
  readonly line: number;
  readonly frame: Frame;
}

/** Reads a stored cursor. Absent: the beginning. */
export function readPosition(cursor: string | undefined): Position {
  if (cursor === undefined) return { offset: 0, line: 1, frame: "start" };
  try {
    const { offset, line, frame } = JSON.parse(cursor) as Position;
    if (Number.isSafeInteger(offset) && Number.isSafeInteger(line) && typeof frame === "string") {
      return { offset, line, frame };
    }
  } catch {
    // It is told below.
  }
  throw new DecantError("NDJSON_SLICE_INVALID", "Cannot go on: a cursor is malformed", {
    kind: "usage",
    hint: "Go on with the version that the export began with, or begin it anew.",
  });
}
