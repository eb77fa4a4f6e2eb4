import type { Row } from "@decant/core";
import { addDigests, addHashes, formatDigest, parseDigest } from "./digest.ts";
import type { Counts, Mark, Tally } from "./manifest.ts";

/** A {@linkcode Tally} that is being added to. */
export interface Sum {
  rows: number;
  bytes: number;
  duplicates: number;
  held: number;
  hollow: number;
  digest: bigint;
  idDigest: bigint;
  first?: Mark;
  last?: Mark;
}

export function createSum(): Sum {
  return { rows: 0, bytes: 0, duplicates: 0, held: 0, hollow: 0, digest: 0n, idDigest: 0n };
}

/** Adds rows that were written. */
export function addRows(sum: Sum, rows: readonly Row[]): void {
  sum.rows += rows.length;
  for (const { id, time, hollow, json } of rows) {
    sum.bytes += json.byteLength;
    if (hollow) sum.hollow += 1;
    addMark(sum, time === undefined ? { id } : { id, time });
  }
  sum.digest = addHashes(
    sum.digest,
    rows.map(({ json }) => json),
  );
  sum.idDigest = addHashes(
    sum.idDigest,
    rows.map(({ id }) => id),
  );
}

/** Adds another sum. */
export function addSum(sum: Sum, other: Sum): void {
  for (const name of ["rows", "bytes", "duplicates", "held", "hollow"] as const) {
    sum[name] += other[name];
  }
  sum.digest = addDigests(sum.digest, other.digest);
  sum.idDigest = addDigests(sum.idDigest, other.idDigest);
  for (const mark of [other.first, other.last]) if (mark) addMark(sum, mark);
}

function addMark(sum: Sum, mark: Mark): void {
  if (!sum.first || isBefore(mark, sum.first)) sum.first = mark;
  if (!sum.last || isBefore(sum.last, mark)) sum.last = mark;
}

/** Orders marks by time. Parsed, since servers write whole seconds with no fraction. */
function isBefore(a: Mark, b: Mark): boolean {
  return a.time !== undefined && b.time !== undefined && Date.parse(a.time) < Date.parse(b.time);
}

/** Writes a sum as JSON. */
export function formatSum(sum: Sum): Tally {
  return { ...sum, digest: formatDigest(sum.digest), idDigest: formatDigest(sum.idDigest) };
}

/** Reads what {@linkcode formatSum} wrote. */
export function parseSum(tally: Tally): Sum {
  return { ...tally, digest: parseDigest(tally.digest), idDigest: parseDigest(tally.idDigest) };
}

/** The counts of a sum, without what makes sense for one stream alone. */
export function countsOf(sum: Sum): Counts {
  const { rows, bytes, duplicates, held, hollow, digest } = sum;
  return { rows, bytes, duplicates, held, hollow, digest: formatDigest(digest) };
}
