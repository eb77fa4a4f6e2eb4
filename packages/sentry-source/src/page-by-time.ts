import { linkHeader, type NextPage } from "@decant/pagination";
import type { ParsedEvent } from "./parse-events.ts";
import type { ParsedPage } from "./parse-table.ts";
import { formatTime, type Window } from "./window.ts";

/**
 * Pages through a list that is newest first and keeps to a window: each page ends the window behind
 * the second of the last row, and reads that second anew. So every second comes whole from one
 * answer, and no row can slip past when others come or go, as with offsets, or when those of one
 * second are in another order each time. Only within a second that fills a page the server's own
 * cursor, an offset, leads on.
 *
 * A cursor is the end of the window and, where there is one, the server's cursor in it.
 */
export function pageByTime(window: Window): NextPage<Pick<ParsedPage, "events">> {
  const links = linkHeader();
  return {
    cursorAfter(page) {
      const link = links.cursorAfter(page);
      if (link === undefined) return undefined;
      const end = page.cursor?.split(" ")[0] ?? window.end;
      const lower = endBehind(page.value.events);
      return lower !== undefined && lower < end ? lower : `${end} ${link}`;
    },
    urlAt(url, cursor) {
      const [end = "", link] = cursor.split(" ");
      const page = new URL(url);
      page.searchParams.set("end", end);
      if (link !== undefined) page.searchParams.set("cursor", link);
      return page;
    },
  };
}

/** Leaves out the rows that the next page reads anew. */
export function ofWholeSeconds(
  events: readonly ParsedEvent[],
  next: string | undefined,
): readonly ParsedEvent[] {
  if (next === undefined || next.includes(" ")) return events;
  const end = Date.parse(next);
  return events.filter(({ created = end }) => created >= end);
}

/** Where the second of the last row ends, if another one lies before it on the page. */
function endBehind(events: readonly ParsedEvent[]): string | undefined {
  const seconds = events.map(({ created }) => Math.floor((created ?? Number.NaN) / 1_000));
  const newestFirst = seconds.every((second, index) => second <= (seconds[index - 1] ?? second));
  const [first = 0, last = 0] = [seconds[0], seconds.at(-1)];
  return newestFirst && last < first ? formatTime((last + 1) * 1_000) : undefined;
}
