import type { Report, StreamSummary } from "../report.ts";
import { createDetail } from "./detail.ts";
import { make } from "./dom.ts";
import { createFilterForm, field } from "./filter-form.ts";
import { formatCount } from "./format.ts";
import { type Filters, matchRows, type Order } from "./match-rows.ts";
import { type PageRow, readRows } from "./read-data.ts";
import { createRowsTable } from "./rows-table.ts";

/** The part of the page in which rows are searched and looked at. */
export interface Explorer {
  readonly element: HTMLElement;
  /** Sets filters; `only` clears the others, and goes to the table. */
  filter(filters: Filters, only?: boolean): void;
  /** Tells each change of the range of time. */
  onRange(listener: (from: number | undefined, to: number | undefined) => void): void;
}

/** Makes it. */
export function createExplorer({ streams, main }: Report): Explorer {
  const detail = createDetail();
  const form = createFilterForm(update, streamField(streams, main, choose));
  const table = createRowsTable({ sort, open: (row) => detail.open(row, found) });
  const status = make("p", { role: "status", class: "status" });
  const heading = make("h2", { id: "rows", tabindex: -1 });
  let stream = Math.max(
    0,
    streams.findIndex(({ name }) => name === main),
  );
  let rows: readonly PageRow[] = [];
  let found: readonly PageRow[] = [];
  let order: Order = { by: "time", descending: true };
  let listen: (from: number | undefined, to: number | undefined) => void = () => {};

  function choose(index: number): void {
    stream = index;
    rows = streams[index] ? readRows(index) : [];
    heading.textContent = (streams[index]?.name ?? "rows").replace(/^./, (one) =>
      one.toUpperCase(),
    );
    form.offer(rows);
    form.clear();
  }
  function update(): void {
    const filters = form.read();
    found = matchRows(rows, filters, order);
    table.show(found, order);
    status.textContent = describe(streams[stream], { found: found.length, filters });
    listen(filters.from, filters.to);
  }
  function sort(by: Order["by"]): void {
    const turned = by === order.by ? !order.descending : by === "time";
    order = { by, descending: turned };
    update();
  }

  choose(stream);
  return {
    element: make(
      "section",
      { class: "card", "aria-labelledby": "rows" },
      heading,
      form.element,
      status,
      table.element,
      detail.element,
    ),
    filter(filters, only = false) {
      if (only) form.clear();
      form.set(filters);
      if (!only) return;
      heading.scrollIntoView();
      heading.focus({ preventScroll: true });
    },
    onRange(listener) {
      listen = listener;
    },
  };
}

function streamField(
  streams: readonly StreamSummary[],
  main: string,
  choose: (index: number) => void,
): HTMLElement | undefined {
  if (streams.length < 2) return undefined;
  const select = make(
    "select",
    { id: "stream", change: () => choose(select.selectedIndex) },
    ...streams.map(({ name, rows }) =>
      make("option", { selected: name === main }, `${name} (${formatCount(rows)})`),
    ),
  );
  return field("Show", select);
}

function describe(
  stream: StreamSummary | undefined,
  { found, filters }: { readonly found: number; readonly filters: Filters },
): string {
  if (!stream || stream.rows === 0) return "There are no rows.";
  const { name, rows, shown } = stream;
  const held =
    shown < rows
      ? `Showing ${formatCount(shown)} of ${formatCount(rows)} ${name}, the newest that fit this page.`
      : `Showing all ${formatCount(rows)} ${name}.`;
  if (Object.keys(filters).length === 0) return held;
  return `${formatCount(found)} of the ${formatCount(shown)} shown ${name} match. ${shown < rows ? held : ""}`;
}
