import { compare, type PageRow } from "./read-data.ts";

/** Which rows are wanted. Absent: all. */
export interface Filters {
  readonly text?: string;
  readonly level?: string;
  readonly release?: string;
  readonly environment?: string;
  readonly issue?: string;
  /** In milliseconds since 1970. */
  readonly from?: number;
  readonly to?: number;
}

/** How rows are sorted. */
export interface Order {
  readonly by: SortKey;
  readonly descending: boolean;
}

/** What rows can be sorted by. */
export type SortKey = "time" | "level" | "title" | "release" | "environment" | "user";

const lowered = new WeakMap<PageRow, string>();

/** The rows that match all filters, in an order. Rows without the value that it is by come last. */
export function matchRows(rows: readonly PageRow[], filters: Filters, order: Order): PageRow[] {
  const words = (filters.text ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const exact = (["level", "release", "environment"] as const).filter((key) => filters[key]);
  const { from, to, issue } = filters;
  const found = rows.filter((row) => {
    if (!exact.every((key) => row[key] === filters[key])) return false;
    if (issue !== undefined && (row.issue ?? row.title) !== issue) return false;
    if (from !== undefined || to !== undefined) {
      const ms = Date.parse(row.time ?? "");
      // Nothing is earlier or later than a time that is not there.
      if (!(ms >= (from ?? -Infinity) && ms < (to ?? Infinity))) return false;
    }
    return words.every((word) => textOf(row).includes(word));
  });
  return found.sort((one, other) => {
    const [left, right] = [one[order.by], other[order.by]];
    if (left === undefined || right === undefined) return Number(!left) - Number(!right);
    return compare(left, right) * (order.descending ? -1 : 1);
  });
}

/** Whatever a row holds, to search in. */
function textOf(row: PageRow): string {
  let text = lowered.get(row);
  if (text === undefined) {
    const facts = [row.id, row.title, row.where, row.user, row.release, row.environment];
    text = `${facts.join("\n")}\n${row.json}`.toLowerCase();
    lowered.set(row, text);
  }
  return text;
}
