import type { Top } from "../report.ts";
import { foreign, make } from "./dom.ts";
import { formatCount, formatShare } from "./format.ts";
import { formatDistinct } from "./tiles.ts";

/** A list of values with their counts, the most frequent first. */
export function createRanking(top: Top, choose: (value: string) => void): HTMLElement {
  const most = top.top[0]?.count ?? 0;
  const items = top.top.map(({ value, count }) =>
    make(
      "li",
      {},
      make(
        "button",
        { type: "button", class: "pick", click: () => choose(value) },
        make("span", { class: "clip" }, foreign(value === "" ? "(empty)" : value)),
        make(
          "span",
          { class: "number" },
          formatCount(count),
          make("span", { class: "quiet share" }, ` ${formatShare(count, top.rows)}`),
        ),
        bar(count / most),
      ),
    ),
  );
  return make("div", {}, capped(items, 6, "ol"), listNote(top));
}

/** A bar as long as a share. The number beside it says the same. */
export function bar(share: number): HTMLElement {
  const element = make("span", { class: "bar", "aria-hidden": "true" });
  element.style.setProperty("--share", `${Math.max(0.5, share * 100)}%`);
  return element;
}

/** A list that shows its first items, and all when it is asked to. */
export function capped(
  items: readonly HTMLElement[],
  length: number,
  name: "ol" | "ul",
): HTMLElement {
  const list = make(name, { class: "ranking" }, ...items);
  if (items.length <= length) return make("div", {}, list);
  const rest = items.slice(length);
  const toggle = make("button", { type: "button", class: "more", click: () => show(!open) });
  let open = true;
  function show(all: boolean): void {
    open = all;
    for (const item of rest) item.hidden = !all;
    toggle.textContent = all ? "Show fewer" : `Show all ${items.length}`;
    toggle.setAttribute("aria-expanded", String(all));
  }
  show(false);
  return make("div", {}, list, toggle);
}

/** Says what a list leaves out. */
export function listNote({ top, values, error }: Top): HTMLElement | undefined {
  const notes: string[] = [];
  if (top.length < values.count || !values.exact) {
    notes.push(`The ${formatCount(top.length)} most frequent of ${formatDistinct(values)}.`);
  }
  if (error > 0) {
    notes.push(`There were too many to count each: one may have up to ${formatCount(error)} more.`);
  }
  return notes.length > 0 ? make("p", { class: "note" }, notes.join(" ")) : undefined;
}
