import { type Call, calledProjects } from "./call.ts";
import { type DatasetRow, type Found, offsetTime } from "./dataset-row.ts";
import { filtered, visible } from "./event-lists.ts";
import { environmentFilter, eventFilter } from "./event-search.ts";
import { rawJson } from "./json-text.ts";
import type { TimeBounds } from "./time-bounds.ts";

/** How many events of issues there are within bounds. */
export function countErrors(call: Call, bounds: TimeBounds): number {
  const { world, query } = call;
  const projects = calledProjects(call);
  const environment = environmentFilter(world, query.getAll("environment"));
  if (environment === null) return 0;
  // Counting one issue is a matter of two bisections; only a search walks through the events.
  const single = /^issue(?:\.id)?:(\S+)$/.exec(query.get("query")?.trim() ?? "");
  const issue = single && world.issue(single[1]!);
  if (issue && !environment) {
    if (!projects.includes(issue.project)) return 0;
    const { from, to } = visible(call, { list: issue.events, bounds });
    return to - from;
  }
  const search = eventFilter(world, query.get("query") ?? "");
  return projects.reduce((sum, project) => {
    const list = visible(call, { list: world.projectEvents(project), bounds });
    const { from, to } = filtered(list, [environment, search]);
    return sum + to - from;
  }, 0);
}

/** The events of issues within bounds, with the columns that are indexed. */
export function errorRows(call: Call, bounds: TimeBounds): Found {
  const { world, query } = call;
  const environment = environmentFilter(world, query.getAll("environment"));
  const search = eventFilter(world, query.get("query") ?? "");
  const found = calledProjects(call).map((project) => {
    const list = visible(call, { list: world.projectEvents(project), bounds });
    return filtered(list, [environment ?? undefined, search]);
  });
  const list =
    environment === null
      ? []
      : found.flatMap((range) => range.list.slice(range.from, range.to)).sort(world.table.compare);
  return {
    range: { list, from: 0, to: list.length },
    timeOf: world.table.order,
    row: (serial) => errorRow(call, serial),
  };
}

function errorRow({ world }: Call, serial: number): DatasetRow {
  const sample = world.bodies.sample(serial);
  const issue = world.table.issueOf(serial);
  const fill = (text: string | null) =>
    text?.replace(/\ue000n\ue001/g, world.bodies.values(serial)["n"]!) ?? null;
  if (!issue) return {};
  return {
    id: world.table.id(serial),
    timestamp: offsetTime(world.table.order(serial)),
    title: fill(sample.title),
    message: fill(sample.message) ?? "",
    project: issue.project.slug,
    "project.name": issue.project.slug,
    "project.id": rawJson(issue.project.id),
    issue: issue.shortId,
    "issue.id": rawJson(issue.id),
    "event.type": sample.type,
    level: sample.level,
    environment: sample.environment,
    release: sample.release,
    platform: sample.platform,
    culprit: sample.culprit ?? "",
  };
}
