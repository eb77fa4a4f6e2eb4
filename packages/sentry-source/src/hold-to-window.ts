import type { ListContext } from "./end-of-list.ts";
import type { ListRow } from "./parse-list.ts";
import { boundsOf } from "./window.ts";

/**
 * Picks the rows of a page that lie in the window, where the server does not do that. Such lists are
 * newest first, so a page may be past the window. A row without a time is kept.
 */
export function holdToWindow(
  found: readonly ListRow[],
  { entry, args }: ListContext,
): { inside: readonly ListRow[]; past: boolean } {
  if (!entry.byTime || entry.bounds) return { inside: found, past: false };
  const { start, end } = boundsOf(args.window);
  const times = found.map(({ row }) => Date.parse(row.time ?? ""));
  const newestFirst = times.every((time, index) => time <= (times[index - 1] ?? time));
  return {
    inside: found.filter((_, index) => {
      const time = times[index] ?? Number.NaN;
      return Number.isNaN(time) || (start <= time && time < end);
    }),
    past: newestFirst && (times.at(-1) ?? start) < start,
  };
}
