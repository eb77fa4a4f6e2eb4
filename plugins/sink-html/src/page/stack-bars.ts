import type { Timeline } from "../report.ts";

/** Bars of equal length in time, also where nothing happened. */
export interface Bars {
  /** In milliseconds. */
  readonly step: number;
  readonly levels: readonly string[];
  /** When each bar begins. */
  readonly times: readonly number[];
  /** Of each bar, the count of each level. */
  readonly counts: readonly (readonly number[])[];
  /** Of each level, how high its part ends in each bar. */
  readonly sums: readonly (readonly number[])[];
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  ...[minute, 5 * minute, 15 * minute, hour, 3 * hour, 6 * hour, 12 * hour],
  ...[day, 7 * day, 28 * day, 364 * day],
];
const mostBars = 120;

/** Joins buckets to as many bars as can be told apart. */
export function stackBars({ step: least, levels, buckets }: Timeline): Bars {
  const first = buckets[0]?.[0] ?? 0;
  const last = buckets.at(-1)?.[0] ?? 0;
  const fitting = steps.filter((step) => step >= least && step % least === 0);
  let step = fitting.find((one) => (last - first) / one < mostBars) ?? least;
  while ((last - first) / step >= mostBars) step *= 2;
  const start = Math.floor(first / step) * step;
  const length = buckets.length === 0 ? 0 : Math.floor((last - start) / step) + 1;
  const counts = Array.from({ length }, () => levels.map(() => 0));
  for (const [time = 0, ...found] of buckets) {
    const bar = counts[Math.floor((time - start) / step)]!;
    for (const [level, count] of found.entries()) bar[level]! += count;
  }
  const sums = levels.map((_, level) =>
    counts.map((bar) => bar.slice(0, level + 1).reduce((sum, count) => sum + count, 0)),
  );
  return { step, levels, times: counts.map((_, index) => start + index * step), counts, sums };
}
