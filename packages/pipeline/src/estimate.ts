import type { SliceState } from "./slice-state.ts";

/** About how many rows there will be, kept up to date slice by slice. */
export interface Estimate {
  update(states: Iterable<SliceState>): void;
  /** Undefined while some slice does not say how many it holds. */
  readonly rows: number | undefined;
}

export function createEstimate(states: Iterable<SliceState>): Estimate {
  const shares = new Map<SliceState, number | undefined>();
  let sum = 0;
  let unknown = 0;

  function update(changed: Iterable<SliceState>): void {
    for (const state of changed) {
      if (shares.has(state)) count(shares.get(state), -1);
      const share = estimate(state);
      shares.set(state, share);
      count(share, 1);
    }
  }

  function count(share: number | undefined, sign: 1 | -1): void {
    if (share === undefined) unknown += sign;
    else sum += sign * share;
  }

  update(states);
  return {
    update,
    get rows() {
      return unknown > 0 ? undefined : sum;
    },
  };
}

function estimate({ slice, end, sum: { rows } }: SliceState): number | undefined {
  if (end) return rows; // Of one that was split, too: the rest is its parts'.
  return slice.expected === undefined ? undefined : Math.max(slice.expected, rows);
}
