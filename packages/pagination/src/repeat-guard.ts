/** How many cursors are remembered. */
const REMEMBERED = 1000;
/** Below this, a few equal pages prove nothing: pages without rows are alike, and allowed. */
const LEAST_BYTES = 1024;
/** How many equal pages in a row are a circle, by whether they are that large. */
const LARGE_PAGES = 3;
const SMALL_PAGES = 1000;

/** Knows what came before, in bounded memory. */
export interface RepeatGuard {
  /** Whether this cursor came before. */
  repeatsCursor(cursor: string): boolean;
  /**
   * Whether too many pages in a row had the same bytes: the third of 1 KiB or more, the thousandth of
   * less. The last page's are kept.
   */
  repeatsPage(body: Uint8Array): boolean;
}

/**
 * Makes the guard of one walk through a list. The last thousand cursors are remembered, so that a
 * short loop is found as it closes. For a longer one, as Brent's method has it, one more cursor is
 * kept, and renewed after 1, 2, 4, 8, ... pages: no loop escapes, and memory stays bounded.
 */
export function createRepeatGuard(): RepeatGuard {
  const recent = new Set<string>();
  let mark: string | undefined;
  let pages = 0;
  let renewal = 1;
  let last: Uint8Array | undefined;
  let equal = 0;

  return {
    repeatsCursor(cursor) {
      if (recent.has(cursor) || cursor === mark) return true;
      recent.add(cursor);
      if (recent.size > REMEMBERED) recent.delete(recent.values().next().value!);
      pages++;
      if (pages === renewal) {
        mark = cursor;
        renewal *= 2;
      }
      return false;
    },
    repeatsPage(body) {
      equal = last && isEqual(body, last) ? equal + 1 : 1;
      last = body;
      return equal === (body.byteLength >= LEAST_BYTES ? LARGE_PAGES : SMALL_PAGES);
    },
  };
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index]);
}
