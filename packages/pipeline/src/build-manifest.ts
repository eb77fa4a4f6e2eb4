import type { End } from "@decant/core";
import { formatDigest } from "./digest.ts";
import { type Ledger, sumUp } from "./ledger.ts";
import type { Manifest, SliceReport, Status, StreamReport } from "./manifest.ts";
import { isBefore, reportSlice, sumDigests } from "./slice-state.ts";

/** Sums an export up. */
export function buildManifest(ledger: Ledger, status: Status, finishedAt: string): Manifest {
  const { header, matches } = ledger;
  const cut: End | undefined = status === "interrupted" ? undefined : { why: "limit" };
  const slices = [...ledger.slices.values()].map((state) => {
    const report = reportSlice(state);
    return report.end || !cut ? report : { ...report, end: cut };
  });
  return {
    decant: "manifest",
    version: 1,
    status,
    run: header.run,
    job: header.job,
    identity: header.identity,
    startedAt: header.startedAt,
    finishedAt,
    ...sumUp(ledger),
    digest: formatDigest(sumDigests(ledger.slices.values())),
    streams: reportStreams(slices),
    ...(header.job.redact && { matches }),
    slices,
    notes: [...slices.flatMap(explainEnd), ...nameUnmatched(ledger)],
  };
}

/**
 * Tells how an export that read all its slices ended. What the token may not read is named in the
 * notes; a source throws where it was asked for by name.
 */
export function judgeEnds(ledger: Ledger): "complete" | "partial" | "limit" {
  const ends = new Set([...ledger.slices.values()].map(({ end }) => end?.why));
  if (ends.has("hole") || ends.has("gone")) return "partial";
  return ends.has("limit") ? "limit" : "complete";
}

function reportStreams(slices: readonly SliceReport[]): Record<string, StreamReport> {
  const streams: Record<string, StreamReport> = {};
  for (const { stream, rows, bytes, first, last } of slices) {
    const sum = streams[stream] ?? { rows: 0, bytes: 0 };
    const earliest = first && sum.first && isBefore(sum.first, first) ? sum.first : first;
    const latest = last && sum.last && isBefore(last, sum.last) ? sum.last : last;
    streams[stream] = {
      ...sum,
      rows: sum.rows + rows,
      bytes: sum.bytes + bytes,
      ...(earliest && { first: earliest }),
      ...(latest && { last: latest }),
    };
  }
  return streams;
}

/** A path with a slip of the pen must not leave in the output what it was to take out. */
function nameUnmatched(ledger: Ledger): string[] {
  if (sumUp(ledger).rows === 0) return [];
  return Object.entries(ledger.matches)
    .filter(([, count]) => count === 0)
    .map(([name]) => `${name}: no row has that`);
}

function explainEnd({ key, end }: SliceReport): string[] {
  if (!end) return [];
  const detail = end.detail ? `: ${end.detail}` : "";
  if (end.why === "complete" || end.why === "split") return detail ? [`${key}${detail}`] : [];
  return [`${key}: ${end.why}${detail}`];
}
