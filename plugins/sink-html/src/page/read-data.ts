import type { Facts, Report } from "../report.ts";

/** A row as the page works with it. */
export interface PageRow extends Facts {
  readonly id: string;
  readonly json: string;
}

/** The summary that the page was made with. */
export function readReport(): Report {
  return readBlock("report") as Report;
}

/** The rows of a stream that the page holds, newest first. */
export function readRows(stream: number): PageRow[] {
  const rows = readBlock(`rows-${stream}`) as (string | null)[][];
  return rows
    .map(([id, json, ...facts]) => {
      const [time, level, title, where, user, release, environment, issue] = facts;
      const found = { time, level, title, where, user, release, environment, issue };
      const known = Object.entries(found).filter(([, value]) => typeof value === "string");
      return { id: id ?? "", json: json ?? "", ...Object.fromEntries(known) } as PageRow;
    })
    .sort((one, other) => compare(other.time ?? "", one.time ?? ""));
}

/** The order of two texts, by their units. */
export function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function readBlock(id: string): unknown {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}
