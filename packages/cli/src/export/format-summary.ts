import type { Manifest, Status } from "@decant/pipeline";
import { exitCodes } from "../errors/exit-code.ts";
import { commandLine } from "../text/command-line.ts";
import { formatCount } from "../text/format-count.ts";
import { formatDuration } from "../text/format-duration.ts";
import { formatRows } from "../text/format-rows.ts";
import { formatTable } from "../text/format-table.ts";
import { shortPath } from "./choose-place.ts";
import { describeProof, describeUnread, isUnreadNote } from "./describe-proof.ts";

/** So many notes are shown. The manifest holds all. */
const mostNotes = 20;

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
  /** Whether the source may count rows by itself, as a server does. */
  readonly counted: boolean;
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
    ...describeStreams(manifest),
    [`From ${from} to ${to}`, ...describeSeries(manifest), ...options.notes].join("; "),
    ...(options.counted && manifest.rows > 0 ? [describeProof(manifest)] : []),
  ];
  if (status === "limit")
    lines.push("It ended at the limit that was asked for: there may be more.");
  if (status === "partial") lines.push("It is not whole:");
  lines.push(...listNotes(manifest), ...describeUnread(manifest));
  if (options.readable) lines.push(`To check it: ${commandLine("verify", options.state)}`);
  return lines;
}

/** Of several streams, what each came to. */
function describeStreams({ streams }: Manifest): readonly string[] {
  const rows = Object.entries(streams)
    .filter(([, stream]) => stream.rows > 0)
    .map(([name, stream]) => [`  ${name}`, formatRows(stream)]);
  return Object.keys(streams).length > 1 && rows.length > 0 ? formatTable(rows).split("\n") : [];
}

/** Of a run that goes on with earlier ones, where it began. */
function describeSeries({ series, held }: Manifest): readonly string[] {
  if (series?.after === undefined) return [];
  const left = `${formatCount(held)} ${held === 1 ? "row" : "rows"} of earlier runs left out`;
  return [`what never changes, from ${series.after} on`, left];
}

function listNotes(manifest: Manifest): readonly string[] {
  const notes = manifest.notes.filter((note) => !isUnreadNote(note));
  const more = notes.length - mostNotes;
  const shown = notes.slice(0, mostNotes).map((note) => `- ${note}`);
  return more > 0 ? [...shown, `- and ${formatCount(more)} more, see the manifest`] : shown;
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
