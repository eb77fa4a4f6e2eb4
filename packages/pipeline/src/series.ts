import { DecantError, type TimeRange } from "@decant/core";
import type { Job } from "./job.ts";
import type { EndedSeries, Manifest, Series, Status } from "./manifest.ts";

/** What a run is to be, as far as it has to be like the one before. */
export interface Intent {
  readonly state: string;
  readonly job: Job;
  readonly identity: string;
  readonly streams: readonly string[];
  readonly lookbackMs: number;
  readonly hashKeyId?: string | undefined;
}

/** Begins a series: everything is new. */
export function beginSeries({ lookbackMs, streams, hashKeyId }: Intent): Series {
  if (!(lookbackMs >= 0 && lookbackMs <= 8.64e15)) {
    throw new DecantError("LOOKBACK_INVALID", `Cannot look back ${lookbackMs} milliseconds`, {
      kind: "usage",
      hint: "Give a number of 0 or more.",
    });
  }
  return { lookbackMs, streams, ...(hashKeyId !== undefined && { hashKeyId }) };
}

/**
 * Goes on with a series where its last run ended.
 *
 * @throws {DecantError} `STATE_MISMATCH` when the runs together would not be one export.
 */
export function continueSeries(manifest: Manifest, last: EndedSeries, intent: Intent): Series {
  const { state } = intent;
  const different = differences(manifest, last, intent);
  if (different.length > 0) {
    throw new DecantError(
      "STATE_MISMATCH",
      `Cannot go on with "${state}": not as in the run before: ${different.join(", ")}`,
      {
        kind: "usage",
        hint: "Give the same options and range as before, or export to another output with a state of its own.",
      },
    );
  }
  const { covered, heldSince, heldBytes, unread } = last;
  const series = {
    ...beginSeries(intent),
    previous: { run: manifest.run, heldBytes },
    ...(covered !== undefined && { covered }),
    ...(heldSince !== undefined && { heldSince }),
    ...(unread && { unread }),
  };
  return covered === undefined ? series : { ...series, ...lookBack(series, covered, intent) };
}

/** From where on a run looks again: no further back than it is known what earlier runs wrote. */
function lookBack(
  { lookbackMs, heldSince }: Series,
  covered: string,
  { state, job: { range } }: Intent,
): Pick<Series, "after" | "shortened"> {
  const wanted = secondsBefore(earlier(covered, range.to), lookbackMs);
  const shortened = heldSince !== undefined && isBefore(wanted, heldSince);
  const after = shortened ? heldSince : wanted;
  if (isBefore(after, range.to)) return { after, ...(shortened && { shortened }) };
  throw new DecantError(
    "STATE_MISMATCH",
    `Cannot export up to "${range.to}" with "${state}": earlier runs went on until "${covered}"`,
    { kind: "usage", hint: "Leave the end of the range out, or set the clock right." },
  );
}

/** How a run of a series ended. */
interface RunEnd {
  readonly status: Status;
  readonly range: TimeRange;
  /** Streams that are denied or absent in whole or in part, and whose rows never change. */
  readonly unread: readonly string[];
}

/** What a series is when a run of it has ended. Only one that is complete moves it forward. */
export function endSeries(series: Series, { status, range, unread }: RunEnd): Series {
  if (status !== "complete") return series;
  const covered = series.covered === undefined ? range.to : later(series.covered, range.to);
  const since = secondsBefore(covered, series.lookbackMs);
  const heldSince = series.heldSince === undefined ? since : later(series.heldSince, since);
  const missed = [...new Set([...(series.unread ?? []), ...unread])].sort();
  return { ...series, covered, heldSince, ...(missed.length > 0 && { unread: missed }) };
}

function differences(manifest: Manifest, last: EndedSeries, intent: Intent): string[] {
  const { job, identity } = manifest;
  const pairs: Record<string, readonly [unknown, unknown]> = {
    "its source": [
      [identity, job.source.name],
      [intent.identity, intent.job.source.name],
    ],
    "the options of its source": [job.source.options, intent.job.source.options],
    "its streams": [[...last.streams].sort(), [...intent.streams].sort()],
    "its redaction": [job.redact ?? {}, intent.job.redact ?? {}],
    "its hash key": [last.hashKeyId, intent.hashKeyId],
    "its sink": [job.sink.name, intent.job.sink.name],
    "its output": [job.sink.destination, intent.job.sink.destination],
  };
  const different = Object.keys(pairs).filter((name) => {
    const [before, now] = pairs[name] ?? [];
    return canonical(before) !== canonical(now);
  });
  const { from } = intent.job.range;
  const begins = job.range.from;
  // What lies between the two beginnings would never be read: runs go on at the end.
  const tooEarly = begins !== undefined && (from === undefined || isBefore(from, begins));
  return tooEarly ? [...different, `the range, which begins before "${begins}"`] : different;
}

/** JSON with the keys of objects in one order. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Ranges are of whole seconds. */
function secondsBefore(time: string, ms: number): string {
  const second = Math.floor((Date.parse(time) - ms) / 1000) * 1000;
  return new Date(Math.max(second, 0)).toISOString().replace(".000Z", "Z");
}

function isBefore(a: string, b: string): boolean {
  return Date.parse(a) < Date.parse(b);
}

function earlier(a: string, b: string): string {
  return isBefore(a, b) ? a : b;
}

function later(a: string, b: string): string {
  return isBefore(a, b) ? b : a;
}
