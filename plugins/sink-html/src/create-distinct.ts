import type { Distinct } from "./report.ts";

/** Counts how many different values there are. */
export interface DistinctCounter {
  add(value: string): void;
  estimate(): Distinct;
}

const most = 2 ** 53;

/**
 * Makes a counter that is exact up to `limit` values. With more it keeps the smallest hashes and
 * tells by how close they lie how many there are, off by about one in the root of `limit`: see Bar-Yossef et
 * al., Counting Distinct Elements in a Data Stream, 2002.
 */
export function createDistinct(limit: number): DistinctCounter {
  let hashes = new Set<number>();
  let bound = most;

  function shrink(): void {
    const sorted = Float64Array.from(hashes).sort();
    hashes = new Set(sorted.subarray(0, limit));
    bound = sorted[limit - 1]!;
  }

  return {
    add(value) {
      const hash = hashText(value);
      if (hash > bound) return;
      hashes.add(hash);
      if (hashes.size >= limit * 2) shrink();
    },
    estimate() {
      if (hashes.size > limit) shrink();
      if (bound === most) return { count: hashes.size, exact: true };
      return { count: Math.round(((limit - 1) / bound) * most), exact: false };
    },
  };
}

/** 53 bits of two multiplicative hashes, each mixed at its end as MurmurHash3 does. */
function hashText(text: string): number {
  let one = 0xdeadbeef;
  let two = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    one = Math.imul(one ^ unit, 0x9e3779b1);
    two = Math.imul(two ^ unit, 0x5f356495);
  }
  one = mix(one) ^ mix(two ^ 0x27d4eb2f);
  two = mix(two) ^ mix(one ^ 0x165667b1);
  return (two & 0x1fffff) * 2 ** 32 + (one >>> 0);
}

function mix(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}
