import type { Call } from "./call.ts";
import { linkHeader, readCursor, writeCursor } from "./sentry-link.ts";

/** Part of an ordered list: the elements from `from` up to, not including, `to`. */
export interface EventRange {
  readonly list: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** The elements of one page and the header that leads on. */
export interface OffsetPage {
  readonly serials: readonly number[];
  readonly link: string;
}

/** What a page is cut from. */
export interface OffsetList {
  readonly range: EventRange;
  /** How many rows a page holds. */
  readonly limit: number;
  /** What the list is ordered by. Absent: nothing that two rows could share. */
  readonly timeOf?: (serial: number) => number;
}

/**
 * Sentry's `GenericOffsetPaginator`: the cursor is the absolute offset of a row, so whatever comes
 * or goes ahead of it shifts all later pages. `undefined` where the offset makes no sense.
 */
export function offsetPage(call: Call, list: OffsetList): OffsetPage | undefined {
  const { range, limit } = list;
  const { settings } = call.faults;
  const asked = readCursor(call.query);
  if (asked.offset < 0) return undefined;
  const offset = startOffset(call, { offset: asked.offset, limit });
  const all = range.to - range.from;
  const whole = Array.from(
    { length: Math.max(0, Math.min(limit, all - offset)) },
    (_, i) => range.list[tiePosition(call, { ...list, at: range.from + offset + i })]!,
  );
  const serials = spoilPage(call, whole);
  const served = new Set(serials).size;
  const endless = settings.endlessPage === true && offset > 0;
  const repeat = settings.repeatCursor === true && asked.offset > 0;
  let next = offset + (served < whole.length ? served : limit);
  const more = next < all || settings.ignoreCursor === true || endless || repeat;
  if (endless) next = asked.offset + limit;
  if (repeat) next = asked.offset;
  const previous = Math.max(0, offset - limit);
  const cursorAt = (row: number, backwards: boolean) =>
    writeCursor({ value: 0, offset: row, previous: backwards });
  const target = { origin: settings.crossOriginLink ?? call.origin, url: call.url };
  const link = linkHeader(target, {
    previous: { cursor: cursorAt(previous, true), results: offset > 0 },
    next: { cursor: cursorAt(next, false), results: more },
  });
  return { serials, link };
}

function startOffset(
  { faults }: Call,
  { offset, limit }: { offset: number; limit: number },
): number {
  if (faults.settings.ignoreCursor) return 0;
  return faults.settings.endlessPage ? Math.min(offset, limit) : offset;
}

/** Loses the tail of a page, or trades its last row for the first once more. */
function spoilPage({ faults, url, settings }: Call, whole: number[]): number[] {
  const address = url.pathname + url.search;
  if (whole.length < 2) return whole;
  if (faults.roll("shortPages", address))
    return whole.slice(0, 1 + (settings.seed % (whole.length - 1)));
  return faults.roll("duplicateRows", address) ? [...whole.slice(0, -1), whole[0]!] : whole;
}

/**
 * Where to find the event at a position when those of one second have no fixed order: a walk
 * through its second by a step that visits each once, another one at each request.
 */
function tiePosition(call: Call, { range, timeOf, at }: OffsetList & { at: number }): number {
  if (!call.faults.settings.shuffleTies || !timeOf) return at;
  const { list, from, to } = range;
  const time = timeOf(list[at]!);
  let first = at;
  while (first > from && timeOf(list[first - 1]!) === time) first--;
  let last = at;
  while (last + 1 < to && timeOf(list[last + 1]!) === time) last++;
  const size = last - first + 1;
  let step = 1 + ((call.turn * 7 + call.settings.seed) % size);
  while (gcd(step, size) !== 1) step++;
  return first + (((at - first) * step + call.turn * 13) % size);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
