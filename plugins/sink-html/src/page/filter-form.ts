import { make } from "./dom.ts";
import { formatCount } from "./format.ts";
import type { Filters } from "./match-rows.ts";
import type { PageRow } from "./read-data.ts";

/** The form with which rows are chosen. */
export interface FilterForm {
  readonly element: HTMLElement;
  read(): Filters;
  /** Sets some filters and leaves the others. */
  set(filters: Filters): void;
  clear(): void;
  /** Offers the values that these rows have. */
  offer(rows: readonly PageRow[]): void;
}

const choices = ["level", "release", "environment", "issue"] as const;
type Choice = (typeof choices)[number];

/** Makes the form. */
export function createFilterForm(
  changed: () => void,
  ...before: (HTMLElement | undefined)[]
): FilterForm {
  const text = make("input", {
    type: "search",
    id: "search",
    autocomplete: "off",
    spellcheck: "false",
  });
  const selects = new Map(choices.map((name) => [name, make("select", { id: `by-${name}` })]));
  const from = make("input", { type: "datetime-local", id: "from", step: 60 });
  const to = make("input", { type: "datetime-local", id: "to", step: 60 });
  let waiting: ReturnType<typeof setTimeout> | undefined;

  function changedSoon(): void {
    clearTimeout(waiting);
    waiting = setTimeout(changed, 120);
  }
  function clear(): void {
    for (const input of [text, from, to, ...selects.values()]) input.value = "";
    changed();
  }

  const element = make(
    "form",
    { class: "filters", role: "search", submit: (event: Event) => event.preventDefault() },
    ...before,
    field("Search", text),
    ...choices.map((name) => field(name[0]!.toUpperCase() + name.slice(1), selects.get(name)!)),
    field("From (UTC)", from),
    field("To (UTC)", to),
    make("button", { type: "button", class: "plain", click: clear }, "Clear filters"),
  );
  text.addEventListener("input", changedSoon);
  for (const input of [from, to, ...selects.values()]) input.addEventListener("change", changed);

  function read(): Filters {
    const found = {
      ...{ text: text.value.trim(), from: parseLocal(from.value), to: parseLocal(to.value) },
      ...Object.fromEntries(choices.map((name) => [name, readSelect(selects.get(name)!)])),
    };
    const set = Object.entries(found).filter(([, value]) => value !== undefined && value !== "");
    return Object.fromEntries(set);
  }

  return {
    ...{ element, read, clear },
    set(filters) {
      if (filters.text !== undefined) text.value = filters.text;
      if (filters.from !== undefined) from.value = writeLocal(filters.from);
      if (filters.to !== undefined) to.value = writeLocal(filters.to);
      for (const name of choices) {
        const value = filters[name];
        if (value !== undefined) choose(selects.get(name)!, value);
      }
      changed();
    },
    offer(rows) {
      for (const [name, select] of selects) offerValues(select, { rows, name });
    },
  };
}

/** A label with what it is for: `name` is its id. */
export function field(label: string, input: HTMLElement): HTMLElement {
  return make(
    "div",
    { class: `field field-${input.id}` },
    make("label", { for: input.id }, label),
    input,
  );
}

/** An option's value begins with a mark, as the empty value is that of the option for all. */
function readSelect({ value }: HTMLSelectElement): string | undefined {
  return value === "" ? undefined : value.slice(1);
}

function choose(select: HTMLSelectElement, value: string): void {
  const wanted = `=${value}`;
  if (![...select.options].some((option) => option.value === wanted)) {
    select.append(make("option", { value: wanted }, `${value} (0)`));
  }
  select.value = wanted;
}

function offerValues(
  select: HTMLSelectElement,
  { rows, name }: { readonly rows: readonly PageRow[]; readonly name: Choice },
): void {
  const counts = new Map<string, { label: string; count: number }>();
  for (const row of rows) {
    const value = name === "issue" ? (row.issue ?? row.title) : row[name];
    if (value === undefined) continue;
    const label = (name === "issue" && row.title) || value;
    const entry = counts.get(value) ?? { label, count: 0 };
    entry.count += 1;
    counts.set(value, entry);
  }
  const sorted = [...counts].sort(([, one], [, other]) => other.count - one.count).slice(0, 500);
  select.replaceChildren(
    make("option", { value: "" }, "All"),
    ...sorted.map(([value, { label, count }]) =>
      make("option", { value: `=${value}` }, `${label.slice(0, 80)} (${formatCount(count)})`),
    ),
  );
  select.disabled = sorted.length === 0;
}

function parseLocal(value: string): number | undefined {
  const ms = Date.parse(`${value}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

function writeLocal(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16);
}
