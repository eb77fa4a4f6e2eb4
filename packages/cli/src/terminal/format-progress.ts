import type { Progress } from "@decant/pipeline";
import { formatBytes } from "../text/format-bytes.ts";
import { formatCount } from "../text/format-count.ts";
import { formatDuration } from "../text/format-duration.ts";

/** What a line of progress says. */
export interface ProgressLine {
  readonly progress: Progress | undefined;
  /** Rows a second. */
  readonly rate: number;
  readonly wait: { readonly ms: number; readonly reason: string } | undefined;
}

/** Writes progress as one line, the most important first: a narrow terminal cuts the end off. */
export function formatProgress({ progress, rate, wait }: ProgressLine): string {
  const parts: string[] = [];
  if (progress) {
    const { rows, bytes, slices, expected } = progress;
    const known = slices.done + slices.open + slices.waiting;
    const all = expected !== undefined && expected > rows;
    parts.push(`${formatCount(rows)}${all ? ` of ${formatCount(expected)}` : ""} rows`);
    parts.push(`${formatCount(rate)}/s`, formatBytes(bytes));
    parts.push(`${formatCount(slices.done)}/${formatCount(known)} slices`);
    if (all && rate > 0) parts.push(`${formatDuration(((expected - rows) * 1000) / rate)} left`);
  }
  if (wait) parts.push(formatWait(wait));
  return parts.join("  ");
}

/** Says how long requests wait, and why. */
export function formatWait({ ms, reason }: NonNullable<ProgressLine["wait"]>): string {
  return `waits ${formatDuration(ms)} (${reason})`;
}
