import { DecantError } from "@decant/core";
import { isDuration, parseDuration } from "./parse-duration.ts";

const pattern =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/i;

/**
 * Reads a point in time: an ISO 8601 date or date-time, in UTC where it names no offset, or a
 * duration such as `14d`, which is that long ago.
 *
 * @returns Milliseconds since 1970.
 * @throws {DecantError} `TIME_INVALID`.
 */
export function parseTime(text: string, { now }: { readonly now: number }): number {
  if (isDuration(text)) return now - parseDuration(text);
  const [, day, minute = "00:00", second = ":00", offset = "Z"] = pattern.exec(text) ?? [];
  const time = day === undefined ? Number.NaN : Date.parse(`${day}T${minute}${second}${offset}`);
  if (Number.isNaN(time) || !isDay(day!)) {
    throw new DecantError("TIME_INVALID", `Cannot read "${text}": it is not a time`, {
      kind: "usage",
      hint: "Give a date (2026-01-31), a date-time (2026-01-31T08:00:00Z), or how long ago (14d).",
    });
  }
  return time;
}

/** Date.parse takes February 30 for March 2. */
function isDay(day: string): boolean {
  return new Date(day).toISOString().startsWith(day);
}
