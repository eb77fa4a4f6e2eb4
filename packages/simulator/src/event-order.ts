/** Orders serial numbers of events. */
export type CompareEvents = (a: number, b: number) => number;

/** Puts serial numbers into a sorted list, in place. */
export function insertSorted(
  list: number[],
  serials: readonly number[],
  compare: CompareEvents,
): void {
  for (const serial of serials) {
    const at = firstIndex(list, (other) => compare(other, serial) >= 0);
    list.splice(at, 0, serial);
  }
}

/**
 * The index of the first element for which `test` holds, by bisection: from there on it must hold
 * for all. The length of the list where it holds for none.
 */
export function firstIndex<T>(list: readonly T[], test: (item: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(list[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
