import { foreign, make } from "./dom.ts";
import { formatCount, formatTime } from "./format.ts";
import { levelMark } from "./levels.ts";
import type { Order, SortKey } from "./match-rows.ts";
import type { PageRow } from "./read-data.ts";

/** The table of rows. */
export interface RowsTable {
  readonly element: HTMLElement;
  show(rows: readonly PageRow[], order: Order): void;
}

interface TableEvents {
  /** Shows a row in full. */
  open(row: PageRow): void;
  sort(by: SortKey): void;
}

const columns: readonly (readonly [SortKey, string])[] = [
  ["time", "Time (UTC)"],
  ["level", "Level"],
  ["title", "Title"],
  ["release", "Release"],
  ["environment", "Environment"],
  ["user", "User"],
];
const pageSize = 100;

/** Makes the table. Arrow keys, Home and End go from row to row, and Enter opens one. */
export function createRowsTable({ open, sort }: TableEvents): RowsTable {
  const body = make("tbody", { keydown: moveFocus });
  const heads = columns.map(([key, name]) => {
    const button = make("button", { type: "button", click: () => sort(key) }, name);
    return make("th", { scope: "col", class: `cell-${key}` }, button);
  });
  const more = make("button", { type: "button", class: "more", click: showMore });
  let rows: readonly PageRow[] = [];
  let shown = 0;

  function showMore(): void {
    const next = rows.slice(shown, shown + pageSize);
    const first = shown;
    body.append(...next.map((row) => createRow(row, open)));
    shown += next.length;
    more.hidden = shown >= rows.length;
    more.textContent = `Show ${formatCount(Math.min(pageSize, rows.length - shown))} more`;
    if (first > 0) titles(body)[first]?.focus();
  }

  return {
    element: make(
      "div",
      {},
      make(
        "table",
        { class: "rows" },
        make("caption", { class: "hidden" }, "Events. Up and down go from one to the next."),
        make("thead", {}, make("tr", {}, ...heads)),
        body,
      ),
      more,
    ),
    show(found, order) {
      rows = found;
      shown = 0;
      body.replaceChildren();
      for (const [index, [key]] of columns.entries()) {
        const direction = order.descending ? "descending" : "ascending";
        if (key === order.by) heads[index]!.setAttribute("aria-sort", direction);
        else heads[index]!.removeAttribute("aria-sort");
      }
      showMore();
    },
  };
}

function createRow(row: PageRow, open: (row: PageRow) => void): HTMLElement {
  const button = make(
    "button",
    { type: "button", class: "title" },
    foreign(row.title ?? row.id, "strong clamp"),
  );
  return make(
    "tr",
    // The button is what keys reach; the rest of the row is for the pointer.
    { click: () => open(row) },
    make("td", { class: "cell-time" }, formatTime(row.time)),
    make("td", { class: "cell-level" }, levelMark(row.level)),
    make(
      "td",
      { class: "cell-title" },
      button,
      row.where !== undefined && foreign(row.where, "quiet where clamp"),
      make("span", { class: "quiet narrow" }, `${formatTime(row.time)} · ${row.level ?? "none"}`),
    ),
    make("td", { class: "cell-release" }, foreign(row.release ?? "–", "clamp")),
    make("td", { class: "cell-environment" }, foreign(row.environment ?? "–", "clamp")),
    make("td", { class: "cell-user" }, foreign(row.user ?? "–", "clamp")),
  );
}

function titles(body: HTMLElement): HTMLElement[] {
  return [...body.querySelectorAll<HTMLElement>("button.title")];
}

function moveFocus(event: KeyboardEvent): void {
  const all = titles(event.currentTarget as HTMLElement);
  const at = all.indexOf(event.target as HTMLElement);
  const steps: Readonly<Record<string, number>> = {
    ...{ ArrowUp: at - 1, ArrowDown: at + 1, PageUp: at - 10, PageDown: at + 10 },
    ...{ Home: 0, End: all.length - 1 },
  };
  const next = steps[event.key];
  if (at < 0 || next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  all[Math.max(0, Math.min(all.length - 1, next))]?.focus();
}
