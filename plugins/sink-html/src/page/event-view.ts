import { pairsOf } from "../tag-pairs.ts";
import { fold, foreign, make } from "./dom.ts";
import { asItem, asText, findParts, type Item } from "./event-parts.ts";
import { formatPlural, formatTime, indentJson } from "./format.ts";
import type { PageRow } from "./read-data.ts";
import { createStack } from "./stack-view.ts";

/** All that a row holds, part by part. What has no part of its own is in the JSON at the end. */
export function createEventView({ json, title }: PageRow): HTMLElement[] {
  const parts = findParts(parse(json));
  const pairs = pairsOf(parts.tags);
  const crumbs = parts.breadcrumbs;
  const sections = [
    parts.message !== undefined &&
      parts.message !== title &&
      section("Message", make("pre", { class: "text" }, foreign(parts.message))),
    parts.exceptions.length > 0 &&
      section(
        parts.exceptions.some(({ type }) => type) ? "Exception" : "Stack trace",
        ...parts.exceptions.map(createStack),
      ),
    crumbs.length > 0 && section("Breadcrumbs", createCrumbs(crumbs)),
    parts.request && section("Request", createFacts(parts.request)),
    pairs.length > 0 && section("Tags", createTags(pairs)),
    parts.user && section("User", createFacts(parts.user)),
    parts.contexts && section("Contexts", ...createContexts(parts.contexts)),
    parts.extra && section("Extra", createFacts(parts.extra)),
    section(
      "JSON",
      fold("The row as it was sent", () =>
        make("pre", { class: "text", tabindex: 0 }, foreign(indentJson(json))),
      ),
    ),
  ];
  return sections.filter((one) => one !== undefined && one !== false);
}

function section(title: string, ...content: HTMLElement[]): HTMLElement | undefined {
  const filled = content.filter((one) => one.childNodes.length > 0);
  if (filled.length === 0) return undefined;
  return make("section", {}, make("h3", {}, title), ...filled);
}

const shownCrumbs = 30;

/** The last ones are the nearest to what happened. */
function createCrumbs(crumbs: readonly Item[]): HTMLElement {
  const list = (items: readonly Item[]) =>
    make("ol", { class: "crumbs" }, ...items.map(createCrumb));
  const older = crumbs.slice(0, -shownCrumbs);
  if (older.length === 0) return list(crumbs);
  return make(
    "div",
    {},
    fold(`${formatPlural(older.length, "older breadcrumbs")}`, () => list(older)),
    list(crumbs.slice(-shownCrumbs)),
  );
}

function createCrumb(crumb: Item): HTMLElement {
  const time = crumb["timestamp"];
  const seconds = typeof time === "number" ? new Date(time * 1000) : undefined;
  const shown = seconds && !Number.isNaN(seconds.getTime()) ? seconds.toISOString() : asText(time);
  const data = asItem(crumb["data"]);
  const kind = asText(crumb["category"]) ?? asText(crumb["type"]) ?? "";
  return make(
    "li",
    { class: "crumb" },
    make("span", { class: "quiet time" }, foreign(formatTime(shown).slice(-8))),
    make("span", { class: "kind" }, foreign(kind)),
    make(
      "span",
      {},
      foreign(asText(crumb["message"]) ?? ""),
      data && Object.keys(data).length > 0 && foreign(describe(data), "quiet block"),
    ),
  );
}

function createTags(pairs: readonly (readonly [string, string])[]): HTMLElement {
  const items = pairs.map(([key, value]) =>
    make("div", {}, make("dt", {}, foreign(key)), make("dd", {}, foreign(value))),
  );
  return make("dl", { class: "chips" }, ...items);
}

function createContexts(contexts: Item): HTMLElement[] {
  return Object.entries(contexts).flatMap(([name, value]) => {
    const item = asItem(value);
    if (!item || Object.keys(item).length === 0) return [];
    return [make("div", {}, make("h4", {}, foreign(name)), createFacts(item))];
  });
}

/** The members of an object, each on a line. */
function createFacts(item: Item): HTMLElement {
  const lines = Object.entries(item).flatMap(([key, value]) => {
    if (value === null || value === undefined || value === "") return [];
    const text = typeof value === "object" ? compact(value) : String(value);
    return [make("dt", {}, foreign(key)), make("dd", {}, foreign(text))];
  });
  return make("dl", { class: "facts-list" }, ...lines);
}

/** `method: GET, status_code: 200` */
function describe(item: Item): string {
  const member = ([key, value]: [string, unknown]) =>
    `${key}: ${typeof value === "object" && value !== null ? compact(value) : value}`;
  return Object.entries(item).map(member).join(", ");
}

function compact(value: object): string {
  return JSON.stringify(value);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // It is shown as the text that it is.
    return undefined;
  }
}
