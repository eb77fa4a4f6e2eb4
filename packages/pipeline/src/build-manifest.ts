import type { End, Source } from "@decant/core";
import { buildProof } from "./build-proof.ts";
import { explain } from "./explain.ts";
import { type Ledger, sumUp } from "./ledger.ts";
import type { Manifest, Status, StreamReport } from "./manifest.ts";
import { reportSlice } from "./slice-record.ts";
import { countsOf, formatSum } from "./tally.ts";

/** What {@linkcode buildManifest} needs besides a ledger. */
export interface BuildOptions {
  readonly source: Source;
  readonly status: Status;
  readonly finishedAt: string;
}

/** Sums an export up. */
export function buildManifest(ledger: Ledger, options: BuildOptions): Manifest {
  const { source, status, finishedAt } = options;
  const { header, matches } = ledger;
  const cut: End | undefined = status === "interrupted" ? undefined : { why: "limit" };
  const slices = [...ledger.slices.values()].map((state) => {
    const report = reportSlice(state);
    return report.end || !cut ? report : { ...report, end: cut };
  });
  const sum = sumUp(ledger.slices.values());
  const streams = reportStreams(ledger, source);
  return {
    decant: "manifest",
    version: 1,
    status,
    run: header.run,
    job: header.job,
    identity: header.identity,
    startedAt: header.startedAt,
    finishedAt,
    ...countsOf(sum),
    proof: buildProof(slices),
    streams,
    ...(header.job.redact && { matches }),
    slices,
    notes: explain({
      slices,
      streams,
      ...(sum.rows > 0 && { matches }),
      series: header.series,
      range: header.job.range,
    }),
  };
}

/**
 * Tells how an export that read all its slices ended. What the token may not read is named in the
 * notes, and so is what the server does not offer; a source throws where it was asked for by name.
 */
export function judgeEnds(ledger: Ledger): "complete" | "partial" | "limit" {
  const ends = new Set([...ledger.slices.values()].map(({ end }) => end?.why));
  if (ends.has("hole") || ends.has("gone")) return "partial";
  return ends.has("limit") ? "limit" : "complete";
}

function reportStreams(ledger: Ledger, source: Source): Record<string, StreamReport> {
  const bySlices = Map.groupBy(ledger.slices.values(), ({ slice }) => slice.stream);
  const reports = [...bySlices].map(([name, states]): [string, StreamReport] => {
    const { id, mutable } = source.streams.find((stream) => stream.name === name) ?? {};
    const copies = states.some(({ slice }) => slice.dedupe === "none");
    // A row of a series that changes while it is read comes again.
    const repeats = copies || (mutable && ledger.header.series !== undefined);
    return [name, { ...formatSum(sumUp(states)), ...(id && { id }), ...(repeats && { repeats }) }];
  });
  return Object.fromEntries(reports);
}
