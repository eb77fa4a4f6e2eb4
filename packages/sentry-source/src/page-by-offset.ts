import { linkHeader, type NextPage } from "@decant/pagination";
import type { ParsedEvent } from "./parse-events.ts";
import type { ParsedPage } from "./parse-table.ts";

/**
 * Pages through a list that is newest first and keeps to no window, by the server's offsets. Rows of
 * one second may be in another order each time, so where a page ends amid others the next one begins
 * with the second of its last row, which then comes whole from one answer.
 */
export function pageByOffset(): NextPage<Pick<ParsedPage, "events">> {
  const links = linkHeader();
  return {
    cursorAfter(page) {
      const link = links.cursorAfter(page);
      const [asked = 0, next] = [page.cursor, link].map(offsetOf);
      if (next === undefined) return link;
      const begin = next - lastSecond(page.value.events);
      return begin > asked ? `0:${begin}:0` : link;
    },
    urlAt: (url, cursor) => links.urlAt(url, cursor),
  };
}

function offsetOf(cursor = ""): number | undefined {
  const [, offset] = /^0:(\d+):0$/.exec(cursor) ?? [];
  return offset === undefined ? undefined : Number(offset);
}

/** How many rows at the end share the second of the last one. */
function lastSecond(events: readonly ParsedEvent[]): number {
  const seconds = events.map(({ created }) => Math.floor((created ?? Number.NaN) / 1_000));
  const newestFirst = seconds.every((second, index) => second <= (seconds[index - 1] ?? second));
  const others = seconds.findLastIndex((second) => second !== seconds.at(-1));
  return newestFirst ? seconds.length - 1 - others : 0;
}
