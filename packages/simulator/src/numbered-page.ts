import type { Call } from "./call.ts";
import { refuse } from "./reply.ts";
import { linkHeader, readCursor, writeCursor } from "./sentry-link.ts";

/** The items of one page and the header that leads on. */
export interface NumberedPage<T> {
  readonly items: readonly T[];
  readonly link: string;
}

/**
 * Sentry's `OffsetPaginator`: the cursor is the page size and the number of the page, so whatever
 * comes or goes shifts all later pages.
 */
export function numberedPage<T>(
  call: Call,
  { items, limit }: { items: readonly T[]; limit: number },
): NumberedPage<T> {
  const { settings } = call.faults;
  const asked = readCursor(call.query);
  if (asked.offset < 0) throw refuse(400, "Pagination offset cannot be negative");
  const size = asked.value || limit;
  let page = settings.ignoreCursor ? 0 : asked.offset;
  if (settings.endlessPage) page = Math.min(page, 1);
  const start = page * size;
  const endless = settings.ignoreCursor === true || (settings.endlessPage === true && page > 0);
  const repeat = settings.repeatCursor === true && asked.offset > 0;
  const target = { origin: settings.crossOriginLink ?? call.origin, url: call.url };
  const cursorAt = (offset: number, previous: boolean) =>
    writeCursor({ value: limit, offset, previous });
  return {
    items: items.slice(start, start + limit),
    link: linkHeader(target, {
      previous: { cursor: cursorAt(page - 1, true), results: page > 0 },
      next: {
        cursor: cursorAt(repeat ? asked.offset : asked.offset + 1, false),
        results: start + limit < items.length || endless || repeat,
      },
    }),
  };
}
