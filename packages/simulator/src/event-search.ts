import { refuse } from "./reply.ts";
import { environments } from "./sample-text.ts";
import { parseTime } from "./time-bounds.ts";
import type { World } from "./world.ts";

/** Decides whether an event is looked for. */
export type EventFilter = (serial: number) => boolean;

const none: EventFilter = () => false;

/**
 * Understands the part of Sentry's search syntax that an exporter may use: `key:value` of tags,
 * `environment`, `level`, `id`, `issue`, comparisons of `timestamp` and `error.received`, and free
 * text. `undefined` stands for everything.
 */
export function eventFilter(world: World, text: string): EventFilter | undefined {
  const terms = text.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  const filters = terms.map((term) => termFilter(world, term));
  return filters.length === 0 ? undefined : (serial) => filters.every((matches) => matches(serial));
}

/** The filter for `environment` parameters; `null` when one of them names no environment. */
export function environmentFilter(
  world: World,
  names: readonly string[],
): EventFilter | null | undefined {
  if (names.length === 0) return undefined;
  if (names.some((name) => !environments.includes(name))) return null;
  return (serial) => names.includes(world.bodies.sample(serial).environment);
}

function termFilter(world: World, term: string): EventFilter {
  const match = /^(!?)([\w.-]+):(.+)$/.exec(term);
  if (!match) {
    const text = unquote(term).toLowerCase();
    return (serial) => eventText(world, serial).includes(text);
  }
  const [, not, key, rawValue] = match as unknown as [string, string, string, string];
  const filter = keyFilter(world, { key, value: unquote(rawValue) });
  return not ? (serial) => !filter(serial) : filter;
}

function keyFilter(world: World, { key, value }: { key: string; value: string }): EventFilter {
  if (key === "timestamp") return timeFilter((serial) => world.table.order(serial), value);
  if (key === "error.received") return timeFilter((serial) => world.table.received(serial), value);
  if (key === "id") {
    const found = world.find(value);
    return found === undefined ? none : (serial) => serial === found;
  }
  if (key === "issue" || key === "issue.id") {
    const issue = world.issue(value);
    if (!issue) throw refuse(400, `Invalid value '['${value}']' for '${key}:' filter`);
    return (serial) => world.table.issueOf(serial) === issue;
  }
  return (serial) =>
    world.bodies.sample(serial).tags.some((tag) => tag.key === key && tag.value === value);
}

function timeFilter(timeOf: (serial: number) => number, value: string): EventFilter {
  const match = /^(>=|<=|>|<)(.+)$/.exec(value);
  if (!match) throw refuse(400, `${value} is not a valid ISO8601 date query`);
  const bound = Math.floor(parseTime(match[2]!) / 1_000) * 1_000;
  if (match[1] === ">=") return (serial) => timeOf(serial) >= bound;
  if (match[1] === "<=") return (serial) => timeOf(serial) <= bound;
  return match[1] === ">" ? (serial) => timeOf(serial) > bound : (serial) => timeOf(serial) < bound;
}

/** What free text is looked for in: title and message, with the event's own number in it. */
export function eventText(world: World, serial: number): string {
  const { title, message } = world.bodies.sample(serial);
  const text = `${title}\n${message ?? ""}`.replace(
    /\ue000n\ue001/g,
    world.bodies.values(serial)["n"]!,
  );
  return text.toLowerCase();
}

function unquote(text: string): string {
  return text.replace(/^"(.*)"$/, "$1").replace(/\\(.)/g, "$1");
}
