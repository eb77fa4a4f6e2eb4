import { refuse } from "./reply.ts";

/** Bounds in milliseconds, on whole seconds: `from <= time < to`. */
export interface TimeBounds {
  readonly from: number;
  readonly to: number;
}

/** The hard-coded default of Sentry's event lists. */
const defaultDays = 90;
const dayMs = 86_400_000;
const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: dayMs,
  w: 7 * dayMs,
};

/**
 * Reads `statsPeriod`, or `start` and `end`, as Sentry does; the period wins. Fractions of seconds
 * are dropped.
 */
export function timeBounds(query: URLSearchParams, now: number): TimeBounds {
  const period = query.get("statsPeriod");
  if (period !== null && period !== "") {
    return wholeSeconds({ from: now - periodMs(period), to: now });
  }
  const periodStart = query.get("statsPeriodStart");
  const periodEnd = query.get("statsPeriodEnd");
  if (periodStart && periodEnd) {
    return ordered({ from: now - periodMs(periodStart), to: now - periodMs(periodEnd) });
  }
  const start = query.get("start");
  const end = query.get("end");
  if (!start !== !end) throw refuse(400, "start and end are both required");
  if (!start || !end) return wholeSeconds({ from: now - defaultDays * dayMs, to: now + 1_000 });
  return ordered({ from: parseTime(start), to: parseTime(end) });
}

function ordered(bounds: TimeBounds): TimeBounds {
  if (bounds.from >= bounds.to) throw refuse(400, "start must be before end");
  return wholeSeconds(bounds);
}

function wholeSeconds({ from, to }: TimeBounds): TimeBounds {
  return { from: Math.floor(from / 1_000) * 1_000, to: Math.floor(to / 1_000) * 1_000 };
}

function periodMs(period: string): number {
  const match = /^(\d+)([hdmsw]?)$/.exec(period);
  if (!match) throw refuse(400, `Invalid statsPeriod: '${period}'`);
  return Number(match[1]) * unitMs[match[2] || "s"]!;
}

// What Python's fromisoformat takes, near enough; without an offset the server's zone is UTC.
const isoPattern =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Reads a time: ISO 8601, or seconds since 1970. */
export function parseTime(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text) && !/^\d{8}$/.test(text)) return Number(text) * 1_000;
  const match = isoPattern.exec(text);
  const time = match
    ? Date.parse(
        `${match[1]}T${match[2] ?? "00:00"}${match[3]?.replace(/(\d)(\d{2})$/, "$1:$2").replace("::", ":") ?? "Z"}`,
      )
    : Number.NaN;
  if (Number.isNaN(time)) throw refuse(400, `${text} is not a valid ISO8601 date query`);
  return time;
}
