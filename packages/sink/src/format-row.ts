import { escapeControls, type Output, type Row, type Stream } from "@decant/core";
import { describeRow } from "./describe-row.ts";
import { fitCells } from "./fit-cells.ts";

const decoder = new TextDecoder();
const gap = "  ";
const timeWidth = "2026-11-24 12:00:00".length;
const levelWidth = "warning".length;

/** Below this width a line is time, level and title. */
const narrow = 72;

/** Select Graphic Rendition parameters (ECMA-48, section 8.3.117) by level. */
const colors: Readonly<Record<string, string>> = {
  fatal: "1;31",
  error: "31",
  warning: "33",
  info: "36",
  debug: "2",
};

/** What a line is made for. */
export interface FormatRowOptions {
  /** Says what to show. Absent: the row is shown as JSON. */
  readonly stream: Stream | undefined;
  readonly output: Pick<Output, "columns" | "color">;
}

/** Makes one line of a row, as wide as the terminal at most. */
export function formatRow(row: Row, { stream, output }: FormatRowOptions): string {
  const { columns, color } = output;
  const summary = describeRow(row, stream);
  // One cell is left free: a terminal may wrap when the last one is filled.
  const width = Math.max(40, columns - 1);
  if (!summary) return cut(decoder.decode(row.json), width);
  const paint = (text: string, code?: string) =>
    color && code ? `\u001b[${code}m${text}\u001b[0m` : text;
  const rest = width - timeWidth - levelWidth - 2 * gap.length;
  const head = [
    paint(pad(showTime(summary.time), timeWidth), "2"),
    paint(pad(summary.level, levelWidth), colors[summary.level]),
  ];
  if (width < narrow) return [...head, cut(summary.title, rest)].join(gap).trimEnd();
  const userWidth = Math.floor(rest * 0.22);
  const whereWidth = Math.floor(rest * 0.33);
  const titleWidth = rest - userWidth - whereWidth - 2 * gap.length;
  return [
    ...head,
    pad(summary.title, titleWidth),
    paint(pad(summary.where, whereWidth), "2"),
    cut(summary.user, userWidth),
  ]
    .join(gap)
    .trimEnd();
}

function cut(text: string, width: number): string {
  return fitCells(escapeControls(text.slice(0, width * 8)), { width });
}

function pad(text: string, width: number): string {
  return fitCells(escapeControls(text.slice(0, width * 8)), { width, pad: true });
}

/** `2026-11-24T12:00:01.123Z` without what a line has no room for. Other text stays as it is. */
function showTime(time: string): string {
  return time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d).*$/, "$1 $2");
}
