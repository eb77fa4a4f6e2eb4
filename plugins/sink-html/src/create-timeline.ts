import type { Timeline } from "./report.ts";

/** Counts rows over time. */
export interface TimelineCounter {
  add(time: string | undefined, level: string | undefined): void;
  result(): Timeline;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Each is a multiple of the one before, so that buckets can be joined without a row moving. */
const steps = [minute, 5 * minute, 15 * minute, hour, 6 * hour, day, 7 * day, 28 * day, 364 * day];
const mostBuckets = 2_000;
const mostLevels = 8;
const known = ["fatal", "critical", "error", "warning", "info", "debug", "log", "trace"];
const none = "none";
const others = "others";

/**
 * Makes a counter of rows in buckets of a minute. When there are too many it joins them to longer
 * ones: counts stay exact, whatever the range.
 */
export function createTimeline(): TimelineCounter {
  let buckets = new Map<number, number[]>();
  let step = minute;
  let untimed = 0;
  const levels = new Map<string, number>();

  function levelIndex(level: string): number {
    const index = levels.get(level);
    if (index !== undefined) return index;
    if (levels.size >= mostLevels && level !== others) return levelIndex(others);
    levels.set(level, levels.size);
    return levels.size - 1;
  }

  function join(): void {
    const joined = new Map<number, number[]>();
    step = steps.find((next) => next > step) ?? step * 2;
    for (const [start, counts] of buckets) {
      const sum = bucketAt(joined, floor(start, step));
      for (const [index, count] of counts.entries()) sum[index] = (sum[index] ?? 0) + (count ?? 0);
    }
    buckets = joined;
  }

  return {
    add(time, level = none) {
      const ms = time === undefined ? Number.NaN : Date.parse(time);
      if (Number.isNaN(ms)) {
        untimed += 1;
        return;
      }
      const counts = bucketAt(buckets, floor(ms, step));
      const index = levelIndex(level);
      counts[index] = (counts[index] ?? 0) + 1;
      while (buckets.size > mostBuckets) join();
    },
    result() {
      const names = [...levels.keys()].sort((one, other) => rank(one) - rank(other));
      const order = names.map((name) => levels.get(name)!);
      return {
        ...{ step, levels: names, untimed },
        buckets: [...buckets]
          .sort(([one], [other]) => one - other)
          .map(([start, counts]) => [start, ...order.map((index) => counts[index] ?? 0)]),
      };
    },
  };
}

function bucketAt(buckets: Map<number, number[]>, start: number): number[] {
  let counts = buckets.get(start);
  if (!counts) {
    counts = [];
    buckets.set(start, counts);
  }
  return counts;
}

function floor(ms: number, step: number): number {
  return Math.floor(ms / step) * step;
}

/** Levels that are not known stand behind those that are. */
function rank(level: string): number {
  const index = known.indexOf(level);
  return index < 0 ? known.length : index;
}
