import { Buffer } from "node:buffer";
import { renderRows } from "./byte-template.ts";
import { type Call, calledIssue, calledProject, notFound } from "./call.ts";
import { visible } from "./event-lists.ts";
import type { Reply } from "./loopback-server.ts";
import { json } from "./reply.ts";
import { timeBounds } from "./time-bounds.ts";

/** One event of an issue, by id, or `latest`, `oldest`, `recommended`. */
export function issueEvent(call: Call): Reply {
  const issue = calledIssue(call);
  return eventReply(call, issue.events);
}

/** One event of a project, by id. */
export function projectEvent(call: Call): Reply {
  return eventReply(call, call.world.projectEvents(calledProject(call)));
}

function eventReply(call: Call, all: readonly number[]): Reply {
  const { world, settings } = call;
  const { list, from, to } = visible(call, { list: all, bounds: { from: 0, to: Infinity } });
  const at = position(call, { list, from, to });
  const serial = list[at];
  if (at < from || at >= to || serial === undefined) throw notFound(call);
  const glitchtip = settings.flavor === "glitchtip";
  const { template, values } = world.row(serial, glitchtip ? "glitchtip-camel" : "full");
  // The stored body keeps the fraction that lists lose.
  const exact = { ...values, created: values["created"]!.replace(/Z$/, ".123000Z") };
  const row = Buffer.from(renderRows([{ template, values: exact }], false)).toString();
  const neighbour = (index: number) =>
    index >= from && index < to ? world.table.id(list[index]!) : null;
  const extra = JSON.stringify({
    nextEventID: neighbour(at - 1),
    previousEventID: neighbour(at + 1),
    userReport: null,
    ...(glitchtip ? {} : { release: null, sdkUpdates: [], resolvedWith: [] }),
  });
  return json(Buffer.from(`${row.trimEnd().slice(0, -1)},${extra.slice(1)}`));
}

function position(
  call: Call,
  range: { list: readonly number[]; from: number; to: number },
): number {
  const { event } = call.params;
  if (event === "latest" || event === "recommended") return range.from;
  if (event === "oldest") return range.to - 1;
  if (call.settings.flavor !== "glitchtip") timeBounds(call.query, call.settings.now());
  const serial = call.world.find(event!);
  return serial === undefined ? -1 : range.list.indexOf(serial);
}
