import { DecantError, type TimeRange } from "@decant/core";
import { parseTime } from "../text/parse-time.ts";

/** What the flags say about time. */
export interface RangeInputs {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The present, in milliseconds since 1970. */
  readonly now: number;
}

/** A range, and what to tell about it. */
export interface ParsedRange {
  readonly range: TimeRange;
  readonly notes: readonly string[];
}

/** Events arrive some seconds after they happened: later ones would be missed without a trace. */
const settleMs = 60_000;

/**
 * Makes the range of an export: whole seconds, `from <= time < to`, and no later than a minute ago.
 *
 * @throws {DecantError} `TIME_INVALID` or `RANGE_EMPTY`.
 */
export function parseRange({ from, to, now }: RangeInputs): ParsedRange {
  const latest = wholeSecond(now - settleMs, Math.floor);
  const asked = to === undefined ? undefined : wholeSecond(parseTime(to, { now }), Math.ceil);
  const end = Math.min(asked ?? latest, latest);
  const start = from === undefined ? undefined : wholeSecond(parseTime(from, { now }), Math.floor);
  if (start !== undefined && start >= end) {
    throw new DecantError(
      "RANGE_EMPTY",
      `Cannot export from "${format(start)}" to "${format(end)}": there is nothing between`,
      { kind: "usage", hint: "Give a beginning that lies before the end and before a minute ago." },
    );
  }
  const settled = "the last minute is left out, because its events may still be on their way";
  return {
    range: { ...(start === undefined ? {} : { from: format(start) }), to: format(end) },
    notes: asked === undefined || asked > latest ? [settled] : [],
  };
}

function wholeSecond(ms: number, round: (value: number) => number): number {
  return round(ms / 1000) * 1000;
}

function format(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}
