import type { Report, Tags, Top } from "../report.ts";
import { make } from "./dom.ts";
import { field } from "./filter-form.ts";
import type { Filters } from "./match-rows.ts";
import { createRanking } from "./ranking.ts";

/** By what the events can be told apart: releases, environments, browsers, systems, and other tags. */
export function createBreakdowns(
  { releases, environments, tags }: Report,
  choose: (filters: Filters) => void,
): HTMLElement {
  const taken = new Set<string>();
  const byTag = (title: string, ...keys: string[]) => {
    const tag = keys.flatMap((key) => tags.keys.find((one) => one.key === key) ?? [])[0];
    if (!tag) return undefined;
    taken.add(tag.key);
    return card(title, tag, (text) => choose({ text }));
  };
  const cards = [
    releases.rows > 0 && card("Releases", releases, (release) => choose({ release })),
    environments.rows > 0 &&
      card("Environments", environments, (environment) => choose({ environment })),
    byTag("Browsers", "browser.name", "browser"),
    byTag("Operating systems", "os.name", "client_os.name", "os"),
  ].filter((one) => one instanceof HTMLElement);
  const rest = tags.keys.filter(({ key }) => !taken.has(key));
  return make(
    "div",
    { class: "breakdowns" },
    ...cards,
    rest.length > 0 && tagCard(rest, tags, (text) => choose({ text })),
  );
}

function card(title: string, top: Top, choose: (value: string) => void): HTMLElement {
  const id = `by-${title.toLowerCase().replace(" ", "-")}`;
  return make(
    "section",
    { class: "card", "aria-labelledby": id },
    make("h2", { id }, title),
    createRanking(top, choose),
  );
}

/** One tag at a time: there may be many. */
function tagCard(keys: Tags["keys"], { more }: Tags, choose: (value: string) => void): HTMLElement {
  const list = make("div");
  const select = make(
    "select",
    { id: "tag-key", change: () => show() },
    ...keys.map(({ key }, index) => make("option", { value: index }, key)),
  );
  function show(): void {
    const tag = keys[select.selectedIndex];
    if (tag) list.replaceChildren(createRanking(tag, choose));
  }
  show();
  return make(
    "section",
    { class: "card", "aria-labelledby": "tags" },
    make("h2", { id: "tags" }, "Tags"),
    field("Tag", select),
    list,
    more && make("p", { class: "note" }, "There are more tags: these are the most frequent ones."),
  );
}
