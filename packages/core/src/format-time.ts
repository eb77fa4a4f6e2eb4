const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * Writes a time in one form, whatever form it came in: UTC, ISO 8601, six digits of a second. Such
 * texts sort as the times do.
 *
 * @param value ISO 8601 text, in UTC where it names no zone, or seconds since 1970.
 * @returns The text, or nothing where the value is no time between the years 0 and 9999.
 *
 * @example
 * ```ts
 * import { formatTime } from "@decant/core";
 *
 * formatTime("2026-01-31T13:00:00.5+01:00"); // 2026-01-31T12:00:00.500000Z
 * formatTime(1767225600.25); // 2026-01-01T00:00:00.250000Z
 * ```
 */
export function formatTime(value: unknown): string | undefined {
  if (typeof value === "number") return writeSeconds(value);
  // Not String(value): an object of JSON may have a toString that is no function.
  if (typeof value !== "string") return undefined;
  const [, date, time = "00:00:00", fraction = "", zone = "Z"] = iso.exec(value) ?? [];
  if (date === undefined) return undefined;
  const clock = Date.parse(`${date}T${time}Z`);
  const micros = fraction.slice(0, 6).padEnd(6, "0");
  const text = write(clock, micros);
  // Some engines take 30 February for a day in March.
  if (!text?.startsWith(`${date}T${time}`)) return undefined;
  const offset = offsetOf(zone);
  return offset === 0 ? text : write(clock - offset, micros);
}

function writeSeconds(value: number): string | undefined {
  const seconds = Math.floor(value);
  const micros = Math.round((value - seconds) * 1e6);
  if (micros === 1e6) return write((seconds + 1) * 1000, "000000");
  return write(seconds * 1000, `${micros}`.padStart(6, "0"));
}

function write(ms: number, micros: string): string | undefined {
  if (!(Math.abs(ms) <= 8.64e15)) return undefined;
  const text = new Date(ms).toISOString();
  return text.length === 24 ? `${text.slice(0, 19)}.${micros}Z` : undefined;
}

/** In milliseconds. */
function offsetOf(zone: string): number {
  if (zone.length === 1) return 0;
  const [hours = 0, minutes = 0] = [zone.slice(1, 3), zone.slice(-2)].map(Number);
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
