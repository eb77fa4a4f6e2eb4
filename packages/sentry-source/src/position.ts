import { DecantError } from "@decant/core";
import { isObject } from "./parse-json.ts";

/** How far the reading of a list of events is. A stored cursor holds it as JSON. */
export interface Position {
  /** What the next page is asked for with. Absent: it is the first. */
  readonly cursor?: string;
  /** Rows that were listed so far. */
  readonly seen: number;
  /** How many of them their page had shown already. */
  readonly again: number;
  /** How many of them the page before had shown already. */
  readonly overlap: number;
  /** Events that the server could not show. */
  readonly lost: number;
  /** Whether a page was asked for by offset, so that rows may have slipped past. */
  readonly offsets: boolean;
  /** Whether the server looked at a sample of its rows only, for any page. */
  readonly partial: boolean;
}

/** Before the first page. */
const beginning: Position = {
  seen: 0,
  again: 0,
  overlap: 0,
  lost: 0,
  offsets: false,
  partial: false,
};

/** Reads a stored cursor. */
export function readPosition(text: string | undefined): Position {
  if (text === undefined) return beginning;
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { ...beginning, ...value };
  } catch {
    // It is told below.
  }
  throw new DecantError("SENTRY_SLICE_INVALID", "Cannot go on: a cursor is malformed", {
    kind: "usage",
    hint: "Go on with the version that the export began with, or begin it anew.",
  });
}
