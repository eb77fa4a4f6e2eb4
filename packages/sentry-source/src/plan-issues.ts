import { isDecantError, type Slice } from "@decant/core";
import { type Count, countEvents } from "./count-events.ts";
import type { Client } from "./create-client.ts";
import { hasProjectBounds } from "./has-project-bounds.ts";
import { listSlice } from "./list-args.ts";
import { textOf } from "./parse-json.ts";
import type { PlanContext } from "./plan-slices.ts";
import { issuePages } from "./read-issue-list.ts";
import { type FoundIssue, findIssue, resolveIssue } from "./resolve-issue.ts";
import { kinds, type Server } from "./server.ts";
import {
  type EventsArgs,
  eventsSlice,
  type IssueListArgs,
  issueListSlice,
  mergesSlice,
  type ProjectRef,
} from "./slice-args.ts";
import { entryOf } from "./stream-table.ts";

/** Makes the slices of issues that were named, and of what belongs to them. */
export async function planNamedIssues(client: Client, context: PlanContext): Promise<Slice[]> {
  const found = await Promise.all(
    context.issues.map((name) => resolveIssue(client, name, context)),
  );
  const distinct = [...new Map(found.map((one) => [one.issue.id, one])).values()];
  const streams = context.wanted.filter((name) => name !== "events");
  return [
    ...(context.wanted.includes("events") ? await planEvents(client, distinct, context) : []),
    ...distinct.flatMap((one) => planIssue(one, streams, context)),
  ];
}

async function planEvents(
  client: Client,
  found: readonly FoundIssue[],
  context: PlanContext,
): Promise<Slice[]> {
  const [first, ...others] = found.map((one) => toArgs(context, { ...one, asked: context.asked }));
  if (first === undefined) return [];
  const count = await countEvents(client, first, context.signal);
  // What the count says of the server and of the window holds for all; the others are counted
  // when they are read.
  const rest = typeof count === "object" ? others : others.map((args) => withCount(args, count));
  const slices = [withCount(first, count), ...rest].map(eventsSlice);
  return slices.length > 1 ? [...slices, planMerges([], context)] : slices;
}

/** What never changes is wanted of what no earlier run had, the rest of all of the range. */
function planIssue(
  { server, issue, project }: FoundIssue,
  streams: readonly string[],
  { window, filter, asked }: PlanContext,
): Slice[] {
  const same = window.whole.start === window.fresh.start;
  const fresh = streams.filter((name) => !same && entryOf(name).byTime);
  const groups = [
    { window: window.whole, streams: streams.filter((name) => !fresh.includes(name)) },
    { window: window.fresh, streams: fresh },
  ];
  return groups
    .filter((group) => group.streams.length > 0)
    .map((group) => {
      const part = group.streams === fresh ? "/fresh" : "";
      const place = { server, issue, ...(project && { project }), parents: { issueId: issue.id } };
      const args = { ...group, ...place, filter, projects: [], asked, chosen: true } as const;
      return listSlice({ ...args, kind: "list", stream: "issues" }, part);
    });
}

/** Makes the slices of issues of projects, and of what belongs to them. */
export async function planProjectIssues(client: Client, context: PlanContext): Promise<Slice[]> {
  const { projects, via, wanted } = context;
  const events = wanted.includes("events");
  const lists = projects.flatMap((project) =>
    listsOf(project, context).map((args) => planIssueList(client, args, context)),
  );
  const whole = events && via === "project";
  const slices = projects.map((project) => whole && planProject(client, project, context));
  // Awaited together: when one fails, nobody looks at the others any more.
  const [wholes, rest] = await Promise.all([Promise.all(slices), Promise.all(lists)]);
  return [
    ...wholes.filter((slice) => slice !== false),
    ...rest,
    ...(events && !whole ? [planMerges(projects, context)] : []),
  ];
}

/**
 * Which lists of issues have to be read. Events of later runs are those of issues that had some
 * since; issues change, so of them all are wanted, or those that a filter leaves.
 */
function listsOf(project: ProjectRef, context: PlanContext): IssueListArgs[] {
  const { window, filter, wanted, via, asked, narrowed, server } = context;
  const filtered = filter.query !== "" || filter.environment.length > 0;
  const rows = wanted.filter((name) => name === "issues");
  const below = wanted.filter(
    (name) => name !== "issues" && !(name === "events" && via === "project"),
  );
  const same = window.whole.start === window.fresh.start;
  const fresh = below.filter((name) => same || entryOf(name).byTime);
  const whole = below.filter((name) => !fresh.includes(name));
  const groups = [
    { window: window.fresh, streams: [...fresh, ...(same && !filtered ? rows : [])] },
    { window: window.whole, streams: [...whole, ...(same || filtered ? [] : rows)] },
    { window: window.whole, streams: filtered ? rows : [] },
  ];
  const common = { server, filter, project, asked: asked && narrowed, named: asked };
  return groups
    .filter(({ streams }) => streams.length > 0)
    .map((group) => ({ ...common, ...group, kind: "issues" }));
}

async function planIssueList(
  client: Client,
  args: IssueListArgs,
  { signal }: PlanContext,
): Promise<Slice> {
  try {
    return issueListSlice({ ...args, server: await probeIssues(client, args, signal) });
  } catch (error) {
    if (args.asked || !isDecantError(error) || error.code !== "SENTRY_FORBIDDEN") throw error;
    return issueListSlice(args);
  }
}

/** Finds out with the first issue of a list where the server keeps issues and whether it counts. */
async function probeIssues(
  client: Client,
  args: IssueListArgs,
  signal: AbortSignal,
): Promise<Server> {
  for await (const { value } of issuePages(client, args, { limit: 1, signal })) {
    const id = textOf(value[0]?.value()["id"]);
    if (id === undefined) break;
    // One that was deleted since is no answer; a slice finds out for itself then.
    const found = await findIssue(client, id, { server: args.server, signal });
    if (!found) break;
    const { window, filter } = args;
    const probe = argsOf({ window, filter, ...found, asked: false });
    const count = await countEvents(client, probe, signal);
    return { ...found.server, count: count !== "unknown" };
  }
  return args.server;
}

function planMerges(
  projects: readonly ProjectRef[],
  { server, window, filter }: PlanContext,
): Slice {
  return mergesSlice({ kind: "merges", server, window: window.fresh, filter, projects });
}

async function planProject(
  client: Client,
  project: ProjectRef,
  context: PlanContext,
): Promise<Slice> {
  const { signal, asked, narrowed } = context;
  const args = toArgs(context, { project, asked: asked && narrowed });
  const count = await countEvents(client, args, signal);
  const ignored =
    args.bounds === "server" &&
    count !== "outside" &&
    !(await hasProjectBounds(client, args, signal));
  // A list that ignores the window cannot be cut, and holds more rows than the count.
  return eventsSlice(ignored ? { ...args, bounds: "created" } : withCount(args, count));
}

/** Notes what a count says: how many rows there are, and whether the server counts at all. */
function withCount(args: EventsArgs, count: Count): EventsArgs {
  if (count === "unknown") return { ...args, server: { ...args.server, count: false } };
  return { ...args, counted: true, expected: count === "outside" ? 0 : count.rows };
}

function toArgs(
  { server, window, filter }: PlanContext,
  own: Pick<EventsArgs, "asked" | "issue" | "project"> & { readonly server?: Server },
): EventsArgs {
  return argsOf({ server, window: window.fresh, filter, ...own });
}

function argsOf(
  own: Pick<EventsArgs, "server" | "window" | "filter" | "asked" | "issue" | "project">,
): EventsArgs {
  const { bounds } = kinds[own.server.kind];
  return { kind: "events", bounds, whole: true, counted: false, ...own };
}
