import { createDistinct } from "./create-distinct.ts";
import type { Top, TopValue } from "./report.ts";

/** What is kept of a value besides its count: that of its newest row. */
export type Note = Pick<TopValue, "label" | "level" | "last">;

/** Counts how often values come. */
export interface Counter {
  add(value: string, note?: Note): void;
  /** The most frequent values, at most `length` of them. */
  top(length: number): Top;
}

interface Tally {
  count: number;
  note: Note | undefined;
}

/**
 * Makes a counter that is exact up to `limit` different values. With more it drops the rarer half
 * now and then, and knows by how much a count may be too low for that: no more than the largest count
 * that was dropped, each time.
 */
export function createCounter(limit: number): Counter {
  const tallies = new Map<string, Tally>();
  const values = createDistinct(limit);
  let rows = 0;
  let error = 0;

  function drop(): void {
    const sorted = byCount(tallies);
    for (const [value] of sorted.slice(limit >> 1)) tallies.delete(value);
    error += sorted[limit >> 1]?.[1].count ?? 0;
  }

  return {
    add(value, note) {
      rows += 1;
      const tally = tallies.get(value);
      if (tally) {
        tally.count += 1;
        if (note && (note.last ?? "") >= (tally.note?.last ?? "")) tally.note = note;
        return;
      }
      values.add(value);
      tallies.set(value, { count: 1, note });
      if (tallies.size > limit) drop();
    },
    top: (length) => ({
      rows,
      values: values.estimate(),
      error,
      top: byCount(tallies)
        .slice(0, length)
        .map(([value, { count, note }]) => ({ value, count, ...note })),
    }),
  };
}

function byCount(tallies: ReadonlyMap<string, Tally>): [string, Tally][] {
  return [...tallies].sort(([, one], [, other]) => other.count - one.count);
}
