/** How many cursors are remembered. */
const REMEMBERED = 1000;
/** Below this, equal pages prove nothing: pages without rows are alike, and allowed. */
const LEAST_BYTES = 1024;

/** Knows what came before, in bounded memory. */
export interface RepeatGuard {
  /** Whether this cursor came before. */
  repeatsCursor(cursor: string): boolean;
  /** Whether this is the third page in a row with the same bytes. The last page's are kept. */
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
  let repeats = 0;

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
      repeats = last && body.byteLength >= LEAST_BYTES && isEqual(body, last) ? repeats + 1 : 0;
      last = body;
      return repeats === 2;
    },
  };
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index]);
}
