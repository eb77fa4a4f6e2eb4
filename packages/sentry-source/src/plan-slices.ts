import { DecantError, isDecantError, type Slice, type TimeRange } from "@decant/core";
import { checkEnvironments } from "./check-environments.ts";
import { type Count, countEvents } from "./count-events.ts";
import type { Client } from "./create-client.ts";
import { detectServer } from "./detect-server.ts";
import { hasProjectBounds } from "./has-project-bounds.ts";
import { textOf } from "./parse-json.ts";
import { issuePages } from "./read-issue-list.ts";
import { findIssue, resolveIssue } from "./resolve-issue.ts";
import { resolveProjects } from "./resolve-projects.ts";
import { kinds, type Server } from "./server.ts";
import {
  type EventsArgs,
  eventsSlice,
  type Filter,
  type IssueListArgs,
  issueListSlice,
  mergesSlice,
  type ProjectRef,
} from "./slice-args.ts";
import { toWindow, type Window } from "./window.ts";

/** What is wanted of a server. */
export interface PlanOptions {
  readonly origin: string;
  readonly org?: string;
  readonly projects: readonly string[];
  readonly issues: readonly string[];
  readonly filter: Filter;
  readonly via: "issues" | "project";
}

interface PlanContext extends PlanOptions {
  readonly server: Server;
  readonly window: Window;
  readonly signal: AbortSignal;
}

/** Finds out which server this is and what it holds of what is wanted, and makes the root slices. */
export async function planSlices(
  client: Client,
  options: PlanOptions,
  { range, signal }: { readonly range: TimeRange; readonly signal: AbortSignal },
): Promise<Slice[]> {
  const window = toWindow(range);
  const { origin, org } = options;
  const server = await detectServer(client, { origin, signal, ...(org !== undefined && { org }) });
  checkFilter(server, options);
  await checkEnvironments(client, options.filter.environment, { server, signal });
  const context = { ...options, server, window, signal };
  if (options.issues.length > 0) return planIssues(client, context);
  const projects = await resolveProjects(client, options.projects, context);
  if (options.via === "project") {
    return Promise.all(projects.map((project) => planProject(client, project, context)));
  }
  const lists = projects.map((project) => planIssueList(client, project, context));
  return [...(await Promise.all(lists)), planMerges(context, projects)];
}

async function planIssues(client: Client, context: PlanContext): Promise<Slice[]> {
  const found = await Promise.all(
    context.issues.map((name) => resolveIssue(client, name, context)),
  );
  const distinct = new Map(found.map((one) => [one.issue.id, one]));
  const [first, ...others] = [...distinct.values()].map((one) =>
    toArgs(context, { ...one, asked: true }),
  );
  if (first === undefined) return [];
  const count = await countEvents(client, first, context.signal);
  // What the count says of the server and of the window holds for all; the others are counted
  // when they are read.
  const rest = typeof count === "object" ? others : others.map((args) => withCount(args, count));
  const slices = [withCount(first, count), ...rest].map(eventsSlice);
  return slices.length > 1 ? [...slices, planMerges(context, [])] : slices;
}

async function planIssueList(
  client: Client,
  project: ProjectRef,
  context: PlanContext,
): Promise<Slice> {
  const { server, window, filter, signal } = context;
  const asked = context.projects.length > 0;
  const args: IssueListArgs = { kind: "issues", server, window, filter, project, asked };
  try {
    return issueListSlice({ ...args, server: await probeIssues(client, args, signal) });
  } catch (error) {
    if (asked || !isDecantError(error) || error.code !== "SENTRY_FORBIDDEN") throw error;
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
    const id = textOf(value[0]?.["id"]);
    if (id === undefined) break;
    // One that was deleted since is no answer; a slice finds out for itself then.
    const found = await findIssue(client, id, { server: args.server, signal });
    if (!found) break;
    const probe = toArgs({ ...args, server: found.server }, { ...found, asked: false });
    const count = await countEvents(client, probe, signal);
    return { ...found.server, count: count !== "unknown" };
  }
  return args.server;
}

function planMerges(
  { server, window, filter }: PlanContext,
  projects: readonly ProjectRef[],
): Slice {
  return mergesSlice({ kind: "merges", server, window, filter, projects });
}

async function planProject(
  client: Client,
  project: ProjectRef,
  context: PlanContext,
): Promise<Slice> {
  const { signal } = context;
  const args = toArgs(context, { project, asked: context.projects.length > 0 });
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
  { server, window, filter }: Pick<PlanContext, "server" | "window" | "filter">,
  own: Pick<EventsArgs, "asked" | "issue" | "project"> & { readonly server?: Server },
): EventsArgs {
  const { bounds } = kinds[server.kind];
  return { kind: "events", server, window, filter, bounds, whole: true, counted: false, ...own };
}

/** Refuses what the server would ignore. */
function checkFilter({ kind }: Server, { filter, via, issues }: PlanOptions): void {
  const given = [
    ...(filter.query ? ["query"] : []),
    ...(filter.environment.length ? ["environment"] : []),
  ];
  if (given.length === 0) return;
  const where = kinds[kind].filters
    ? via === "project" && issues.length === 0 && "the project's list of events"
    : "GlitchTip";
  if (!where) return;
  throw new DecantError(
    "SENTRY_FILTER_UNSUPPORTED",
    `Cannot filter by ${given.join(" and ")}: ${where} does not support it`,
    {
      kind: "usage",
      hint: kinds[kind].filters
        ? 'Read issue by issue, which is the default: leave out via: "project".'
        : "Export without it, and filter the rows afterwards.",
    },
  );
}
