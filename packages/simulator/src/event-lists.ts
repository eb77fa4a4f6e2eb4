import { renderRows } from "./byte-template.ts";
import { type Call, calledIssue, calledProject, retentionEdge } from "./call.ts";
import type { Issue } from "./entities.ts";
import { firstIndex } from "./event-order.ts";
import { environmentFilter, eventFilter, eventText } from "./event-search.ts";
import { keysetPage, timePosition } from "./keyset-page.ts";
import type { Reply } from "./loopback-server.ts";
import { type EventRange, offsetPage } from "./offset-page.ts";
import { internalError, json } from "./reply.ts";
import { pageSize } from "./sentry-link.ts";
import { type TimeBounds, timeBounds } from "./time-bounds.ts";

/** The events of an issue: `/issues/{id}/events/`, with or without the organisation. */
export function issueEvents(call: Call): Reply {
  const issue = calledIssue(call);
  if (call.settings.flavor === "glitchtip") {
    return keysetReply(call, { list: issue.events, snake: true, issue });
  }
  const query = call.query.get("query") ?? "";
  if (/^[0-9a-f]{32}$/i.test(query)) return directHit(call, { issue, id: query });
  const bounds = timeBounds(call.query, call.settings.now());
  // Nobody catches the query layer's error here, as discover does.
  if (bounds.to <= retentionEdge(call)) return internalError(call.turn);
  const environment = environmentFilter(call.world, call.query.getAll("environment"));
  if (environment === null) return json([]);
  const search = eventFilter(call.world, query);
  const range = filtered(visible(call, { list: issue.events, bounds }), [environment, search]);
  const full = ["1", "true"].includes(call.query.get("full") ?? "");
  return offsetReply(call, { range, full, issue });
}

/** The events of a project: `/projects/{org}/{project}/events/`. */
export function projectEvents(call: Call): Reply {
  const { flavor, now } = call.settings;
  const project = calledProject(call);
  const list = call.world.projectEvents(project);
  const issue = call.world.issues.find((one) => one.project === project && !one.deleted);
  if (flavor === "glitchtip") return keysetReply(call, { list, snake: false, issue });
  const bounded =
    flavor !== "old" && ["start", "end", "statsPeriod"].some((name) => call.query.get(name));
  const bounds = bounded ? timeBounds(call.query, now()) : { from: 0, to: now() + 1_000 };
  if (bounds.to <= retentionEdge(call)) return internalError(call.turn);
  const text = call.query.get("query")?.toLowerCase();
  const search = text
    ? (serial: number) => eventText(call.world, serial).includes(text)
    : undefined;
  const range = filtered(visible(call, { list, bounds }), [search]);
  return offsetReply(call, { range, full: Boolean(call.query.get("full")), issue });
}

/** The part of a list that lies within bounds and within retention. */
export function visible(
  call: Call,
  { list, bounds }: { list: readonly number[]; bounds: TimeBounds },
): EventRange {
  const oldest = Math.max(bounds.from, retentionEdge(call));
  return {
    list,
    from: firstIndex(list, (serial) => call.world.table.order(serial) < bounds.to),
    to: firstIndex(list, (serial) => call.world.table.order(serial) < oldest),
  };
}

/** A range with only what all filters let through. */
export function filtered(
  range: EventRange,
  filters: readonly (((serial: number) => boolean) | undefined)[],
): EventRange {
  const active = filters.filter((filter) => filter !== undefined);
  if (active.length === 0) return range;
  const list = range.list
    .slice(range.from, range.to)
    .filter((serial) => active.every((matches) => matches(serial)));
  return { list, from: 0, to: list.length };
}

interface Listed {
  /** Where the faults let new events arrive. */
  readonly issue: Issue | undefined;
}

function offsetReply(call: Call, options: Listed & { range: EventRange; full: boolean }): Reply {
  const limit = Math.min(pageSize(call.query), options.full ? call.settings.clamp : 100);
  const timeOf = call.world.table.order;
  const page = offsetPage(call, { range: options.range, limit, timeOf });
  if (!page || holdsFailing(call, page.serials)) return internalError(call.turn);
  const shape = options.full ? "full" : "short";
  const body = renderRows(page.serials.map((serial) => call.world.row(serial, shape)));
  arrivals(call, { issue: options.issue, serials: page.serials });
  return json(body, { headers: { link: page.link } });
}

function keysetReply(
  call: Call,
  options: Listed & { list: readonly number[]; snake: boolean },
): Reply {
  const { world } = call;
  const { from, to } = visible(call, { list: options.list, bounds: { from: 0, to: Infinity } });
  const items =
    from === 0 && to === options.list.length ? options.list : options.list.slice(from, to);
  const page = keysetPage(call, {
    items,
    key: (serial) => world.table.order(serial),
    descending: true,
    position: timePosition,
  });
  if (holdsFailing(call, page.items)) return internalError(call.turn);
  const shape = options.snake ? "glitchtip-snake" : "glitchtip-camel";
  const body = renderRows(page.items.map((serial) => world.row(serial, shape)));
  arrivals(call, { issue: options.issue, serials: page.items });
  return json(body, { headers: page.headers });
}

function directHit(call: Call, { issue, id }: { issue: Issue; id: string }): Reply {
  const serial = call.world.find(id);
  const hit = serial !== undefined && call.world.table.issueOf(serial) === issue;
  const headers = { "x-sentry-direct-hit": "1" };
  return json(renderRows(hit ? [call.world.row(serial, "full")] : []), hit ? { headers } : {});
}

function holdsFailing({ faults, world }: Call, serials: readonly number[]): boolean {
  const failing = faults.settings.failEvent;
  return (
    failing !== undefined && serials.some((serial) => failing.includes(world.table.id(serial)))
  );
}

/** What a page's reading gives time for: new events at the head, late ones in the middle. */
function arrivals(call: Call, { issue, serials }: Listed & { serials: readonly number[] }): void {
  const { insertBetweenPages = 0, lateBetweenPages = 0 } = call.faults.settings;
  const now = call.settings.now();
  const first = serials[0];
  if (!issue) return;
  if (insertBetweenPages > 0)
    call.world.add(issue, insertBetweenPages, { time: now, received: now });
  if (lateBetweenPages > 0 && first !== undefined) {
    call.world.add(issue, lateBetweenPages, { time: call.world.table.order(first), received: now });
  }
}
