/** How many cursors are remembered. */
const REMEMBERED = 1000;

/** Knows what came before, in bounded memory. */
export interface RepeatGuard {
  /** Whether this cursor came before. */
  repeatsCursor(cursor: string): boolean;
  /** Whether this is the third page in a row with the same digest. `undefined` is like no other. */
  repeatsPage(digest: string | undefined): boolean;
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
  let lastDigest: string | undefined;
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
    repeatsPage(digest) {
      repeats = digest !== undefined && digest === lastDigest ? repeats + 1 : 0;
      lastDigest = digest;
      return repeats === 2;
    },
  };
}
