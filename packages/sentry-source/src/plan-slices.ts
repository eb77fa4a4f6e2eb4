import type { Slice, TimeRange } from "@decant/core";
import { checkEnvironments } from "./check-environments.ts";
import { checkFilters } from "./check-filters.ts";
import type { Client } from "./create-client.ts";
import { detectServer } from "./detect-server.ts";
import { planDatasets } from "./plan-datasets.ts";
import { planNamedIssues, planProjectIssues } from "./plan-issues.ts";
import { planLists } from "./plan-lists.ts";
import { checkOrg, resolveProjects } from "./resolve-projects.ts";
import type { Server } from "./server.ts";
import type { Filter, ProjectRef } from "./slice-args.ts";
import type { StreamEntry } from "./stream-entry.ts";
import { within } from "./stream-table.ts";
import { toWindow, type Window } from "./window.ts";

/** What is wanted of a server. */
export interface PlanOptions {
  readonly origin: string;
  readonly org?: string;
  readonly streams: readonly StreamEntry[];
  /** Whether the user named the streams, so that it is an error when one cannot be read. */
  readonly asked: boolean;
  /** The names of projects. None: all. */
  readonly projectNames: readonly string[];
  readonly issues: readonly string[];
  readonly filter: Filter;
  readonly via: "issues" | "project";
}

/** What all parts of a plan need to know. */
export interface PlanContext extends PlanOptions {
  readonly server: Server;
  /** The names of the streams that are to be read. */
  readonly wanted: readonly string[];
  readonly projects: readonly ProjectRef[];
  /** Whether the user named the projects. */
  readonly narrowed: boolean;
  readonly window: {
    /** All of the range. */
    readonly whole: Window;
    /** What of it no earlier run had. */
    readonly fresh: Window;
  };
  readonly signal: AbortSignal;
}

/** Finds out which server this is and what it holds of what is wanted, and makes the root slices. */
export async function planSlices(
  client: Client,
  options: PlanOptions,
  { range, signal }: { readonly range: TimeRange; readonly signal: AbortSignal },
): Promise<Slice[]> {
  const whole = toWindow(range);
  const fresh = freshPart(range);
  const { origin, org, projectNames } = options;
  const server = await detectServer(client, { origin, signal, ...(org !== undefined && { org }) });
  if (options.issues.length === 0) checkOrg(server);
  checkFilters(server, options);
  await checkEnvironments(client, options.filter.environment, { server, signal });
  const context: PlanContext = {
    ...{ ...options, server, signal, projects: [] },
    narrowed: projectNames.length > 0,
    // Where an earlier run had all of the range, only what changes is left to read.
    wanted: options.streams.filter(({ byTime }) => fresh || !byTime).map(({ name }) => name),
    window: { whole, fresh: fresh ?? whole },
  };
  if (options.issues.length > 0) return planNamedIssues(client, context);
  const needed = context.narrowed || within("projects", context.wanted).length > 0;
  const projects = needed ? await resolveProjects(client, projectNames, context) : [];
  return planAll(client, { ...context, projects }, range);
}

async function planAll(client: Client, context: PlanContext, range: TimeRange): Promise<Slice[]> {
  const { wanted, window } = context;
  const issues = within("issues", wanted);
  return [
    ...(issues.length > 0 ? await planProjectIssues(client, { ...context, wanted: issues }) : []),
    ...planDatasets(wanted, { ...context, window: window.fresh }),
    ...planLists(wanted, {
      ...{ ...context, window: window.whole, fresh: window.fresh },
      open: range.from === undefined && range.after === undefined,
    }),
  ];
}

/** The window of what no earlier run had. Nothing: it had all. */
function freshPart({ from, to, after }: TimeRange): Window | undefined {
  if (after === undefined) return toWindow({ to, ...(from !== undefined && { from }) });
  const start = from !== undefined && Date.parse(from) > Date.parse(after) ? from : after;
  return Date.parse(start) >= Date.parse(to) ? undefined : toWindow({ from: start, to });
}
