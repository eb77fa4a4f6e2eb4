import type { Manifest, Status } from "@decant/pipeline";
import { exitCodes } from "../errors/exit-code.ts";
import { commandLine } from "../text/command-line.ts";
import { formatDuration } from "../text/format-duration.ts";
import { formatRows } from "../text/format-rows.ts";
import { shortPath } from "./choose-place.ts";

/** What a summary says besides the manifest. */
export interface SummaryOptions {
  /** How long this run took. */
  readonly ms: number;
  /** The state as a user would write it. */
  readonly state: string;
  /** Whether an interrupted export can go on. */
  readonly resumable: boolean;
  readonly notes: readonly string[];
  /** Whether the output can be read back. */
  readonly readable: boolean;
}

/** Says how an export ended. A reader that went away gets no summary: it asked for none. */
export function formatSummary(manifest: Manifest, options: SummaryOptions): readonly string[] {
  const { status, job } = manifest;
  if (status === "closed") return [];
  const amount = formatRows(manifest);
  if (status === "interrupted") return [describeInterrupted(manifest.rows, amount, options)];
  const { from = "the beginning", to } = job.range;
  const { destination } = job.sink;
  const place = destination === "-" ? "standard output" : shortPath(destination);
  const lines = [
    `Exported ${amount} to ${place} in ${formatDuration(options.ms)}`,
    [`From ${from} to ${to}`, ...options.notes].join("; "),
  ];
  if (status === "limit")
    lines.push("It ended at the limit that was asked for: there may be more.");
  if (status === "partial") lines.push("It is not whole:");
  lines.push(...manifest.notes.map((note) => `- ${note}`));
  if (options.readable) lines.push(`To check it: ${commandLine("verify", options.state)}`);
  return lines;
}

/** What to say when an export was interrupted before it had begun. */
export const nothingWritten = "Stopped. Nothing was written yet: run the same command again.";

function describeInterrupted(rows: number, amount: string, options: SummaryOptions): string {
  if (rows === 0) return nothingWritten;
  const next = options.resumable
    ? `To go on: ${commandLine("resume", options.state)}`
    : "It cannot go on, since what was printed cannot be taken back: export it again.";
  return `Stopped after ${amount}. ${next}`;
}

/** Gives the exit code for the end of an export. */
export function statusCode(status: Status): number {
  return status === "partial" || status === "interrupted" ? exitCodes.partial : 0;
}
