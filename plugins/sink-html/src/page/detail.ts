import { foreign, make } from "./dom.ts";
import { createEventView } from "./event-view.ts";
import { formatTime } from "./format.ts";
import { levelMark } from "./levels.ts";
import type { PageRow } from "./read-data.ts";

/** The dialog that shows one row in full. */
export interface Detail {
  readonly element: HTMLElement;
  /** Shows a row, and lets one go on to those beside it. */
  open(row: PageRow, among: readonly PageRow[]): void;
}

/** Makes the dialog. Escape closes it, and focus goes back to where it was: it is a modal `<dialog>`. */
export function createDetail(): Detail {
  const title = make("h2", { id: "detail-title", tabindex: -1 });
  const facts = make("p", { class: "quiet facts" });
  const body = make("div", { class: "detail-body" });
  const before = make("button", { type: "button", class: "plain", click: () => go(-1) }, "Newer");
  const after = make("button", { type: "button", class: "plain", click: () => go(1) }, "Older");
  const close = make(
    "button",
    { type: "button", class: "plain", click: () => dialog.close() },
    "Close",
  );
  const dialog = make(
    "dialog",
    { class: "detail", "aria-labelledby": "detail-title", click: closeOutside },
    make("div", { class: "detail-head" }, make("div", { class: "actions" }, before, after, close)),
    title,
    facts,
    body,
  );
  let rows: readonly PageRow[] = [];
  let at = 0;

  function closeOutside(event: Event): void {
    if (event.target === dialog) dialog.close();
  }
  function go(step: number): void {
    at += step;
    show();
  }
  function show(): void {
    const row = rows[at];
    if (!row) return;
    before.disabled = at === 0;
    after.disabled = at === rows.length - 1;
    title.replaceChildren(foreign(row.title ?? row.id));
    const known = [row.where, row.release, row.environment].filter((fact) => fact !== undefined);
    facts.replaceChildren(
      levelMark(row.level),
      make("span", {}, formatTime(row.time), " UTC"),
      ...known.map((fact) => foreign(fact)),
    );
    body.replaceChildren(...createEventView(row));
    dialog.scrollTop = 0;
    title.focus();
  }

  return {
    element: dialog,
    open(row, among) {
      rows = among;
      at = Math.max(0, among.indexOf(row));
      dialog.showModal();
      show();
    },
  };
}
