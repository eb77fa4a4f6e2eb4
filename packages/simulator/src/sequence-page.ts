import type { Call } from "./call.ts";
import { firstIndex } from "./event-order.ts";
import { refuse } from "./reply.ts";
import { linkHeader, readCursor, writeCursor } from "./sentry-link.ts";

/** One page of a list in memory, and the header that leads on. */
export interface SequencePage<T> {
  readonly items: readonly T[];
  readonly link: string;
}

/**
 * Sentry's `SequencePaginator` and `DateTimePaginator`: the cursor is a score or a time, and an offset
 * among those that share it.
 */
export function sequencePage<T>(
  call: Call,
  from: { items: readonly T[]; score: (item: T) => number; limit: number },
): SequencePage<T> {
  const { items, score, limit } = from;
  const sorted = items
    .map((item) => ({ item, score: score(item) }))
    .sort((a, b) => b.score - a.score);
  const asked = readCursor(call.query);
  const search = (value: number) => firstIndex(sorted, (one) => one.score <= value);
  let position = asked.value === 0 ? (asked.previous ? sorted.length : 0) : search(asked.value);
  position = Math.max(0, position + asked.offset - (asked.previous ? limit : 0));
  if (call.faults.settings.ignoreCursor) position = 0;
  const end = Math.min(position + limit, sorted.length);
  const cursorAt = (index: number, previous: boolean) => {
    const value = sorted[Math.min(index, sorted.length - 1)]?.score ?? 0;
    return writeCursor({ value, offset: sorted.length ? index - search(value) : 0, previous });
  };
  return {
    items: sorted.slice(position, end).map(({ item }) => item),
    link: linkHeader(
      { origin: call.faults.settings.crossOriginLink ?? call.origin, url: call.url },
      {
        previous: { cursor: cursorAt(position, true), results: position > 0 },
        next: { cursor: cursorAt(end, false), results: end < sorted.length },
      },
    ),
  };
}

/** The `limit` of a request: what issue search takes for the page size, cut to 100. */
export function issueLimit(query: URLSearchParams): number {
  const text = query.get("limit");
  if (text === null) return 100;
  if (!/^\d+$/.test(text)) throw refuse(400, "invalid limit");
  return Math.min(Math.max(Number(text), 1), 100);
}
