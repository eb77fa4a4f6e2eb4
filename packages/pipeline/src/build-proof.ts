import type { End } from "@decant/core";
import type { Proof, SliceReport } from "./manifest.ts";

/** Sums up how far the slices of an export are proved. */
export function buildProof(slices: readonly SliceReport[]): Proof {
  const ended = (why: End["why"]) => slices.filter(({ end }) => end?.why === why).length;
  const confirmed = slices.filter((slice) => slice.confirmed);
  return {
    slices: slices.length - ended("split"),
    confirmed: {
      slices: confirmed.length,
      rows: confirmed.reduce((sum, { rows }) => sum + rows, 0),
    },
    reread: slices.filter(({ differed }) => differed).length,
    holes: ended("hole"),
    gone: ended("gone"),
    denied: ended("denied"),
    absent: ended("absent"),
  };
}
