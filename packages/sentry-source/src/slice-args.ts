import { DecantError, type Json, type Slice } from "@decant/core";
import type { Params } from "./create-client.ts";
import { type Dataset, datasets } from "./dataset-streams.ts";
import type { Subject } from "./explain.ts";
import type { ListArgs } from "./list-args.ts";
import { isObject } from "./parse-json.ts";
import { fillPath, issuePath, kinds, projectPath, type Server } from "./server.ts";
import { boundsOf, formatTime, type Window } from "./window.ts";

/** Which events are wanted. */
export type Filter = { readonly query: string; readonly environment: readonly string[] };

/** A project, as far as it is known. */
export type ProjectRef = { readonly slug: string; readonly id?: string };

/** An issue, as far as it is known. */
export type IssueRef = { readonly id: string; readonly shortId?: string };

/** What events slices and issue lists have in common. */
type CommonArgs = {
  readonly server: Server;
  readonly window: Window;
  readonly filter: Filter;
  /** Whether the user named it, so that it is an error when it cannot be read. */
  readonly asked: boolean;
};

/** A slice of the events of an issue, or of a project; or of other rows of a project that have a time. */
export type EventsArgs = CommonArgs & {
  readonly kind: "events";
  /** Which other rows. Absent: events with their bodies. */
  readonly dataset?: Dataset;
  /** Of a dataset: its name, if its rows are wanted, and the names of what is wanted below them. */
  readonly streams?: readonly string[];
  /** Absent: all of the project. */
  readonly issue?: IssueRef;
  readonly project?: ProjectRef;
  /** What holds rows to the window: the server, or a date of the row here. */
  readonly bounds: "server" | "received" | "created";
  /** How many rows there are, by the server's count. */
  readonly expected?: number;
  /** Whether it is all of the issue or project, and no part that was cut off. */
  readonly whole: boolean;
  /** Whether the server was asked for the count, even if it gave none. */
  readonly counted: boolean;
};

/** The list of a project's issues, and what is wanted of each. */
export type IssueListArgs = CommonArgs & {
  readonly kind: "issues";
  readonly project: ProjectRef;
  /** The names of streams: `issues` for the rows themselves, and those of what lies below. */
  readonly streams: readonly string[];
  /** Whether the user named the streams. */
  readonly named: boolean;
};

/** A last look for issues that were merged into another while the export ran. */
export type MergesArgs = {
  readonly kind: "merges";
  readonly server: Server;
  readonly window: Window;
  readonly filter: Filter;
  /** The projects whose issues were listed. None: each issue was named. */
  readonly projects: readonly ProjectRef[];
};

/** Makes a slice of events. A part that is not counted yet is not the one that it becomes then. */
export function eventsSlice(args: EventsArgs): Slice {
  const { dataset, streams = [], issue, project, window, expected } = args;
  const name = issue ? issueKey(issue.id) : `${dataset ?? "project"}/${project?.slug}`;
  const part = `/${window.start}/${window.end}${args.counted ? "" : "/uncounted"}`;
  return {
    key: args.whole ? name : name + part,
    stream: dataset && !streams.includes(dataset) ? (streams[0] ?? dataset) : (dataset ?? "events"),
    lane: laneOf(args),
    dedupe: dataset ? "slice" : kinds[args.server.kind].dedupe,
    args: args satisfies Json,
    ...(expected !== undefined && { expected }),
  };
}

/** Whose limit the requests of a slice count towards. Tables and counts are one endpoint. */
export function laneOf({ dataset, issue }: EventsArgs): string {
  if (dataset) return dataset === "replays" ? "replays" : "discover";
  return issue ? "issue-events" : "project-events";
}

function issueKey(id: string): string {
  return `issue/${id}`;
}

/** The id of the issue that a key stands for. Parts of an issue have longer keys. */
export function issueOfKey(key: string): string | undefined {
  return /^issue\/([^/]+)$/.exec(key)?.[1];
}

/** Makes the slice that looks for merges. */
export function mergesSlice(args: MergesArgs): Slice {
  return {
    key: "merges",
    stream: "events",
    lane: "issues",
    dedupe: "page",
    args: args satisfies Json,
    expected: 0,
    last: true,
  };
}

/** Makes a slice that lists issues. */
export function issueListSlice(args: IssueListArgs): Slice {
  const { streams, project } = args;
  const [first = "issues"] = streams;
  const rows = streams.includes("issues");
  const part = streams.includes("events") ? "" : `/${streams.join("+")}`;
  return {
    key: `issues/${project.slug}${part}`,
    stream: rows ? "issues" : first,
    lane: "issues",
    dedupe: rows ? "slice" : "page",
    args: args satisfies Json,
    ...(!rows && { expected: 0 }),
  };
}

/** What the slices of this source are made of. */
export type SliceArgs = EventsArgs | IssueListArgs | MergesArgs | ListArgs;

/** Takes the arguments out of a slice, which may come from a state file. */
export function readArgs(slice: Slice): SliceArgs {
  const { args } = slice;
  if (isObject(args) && ["events", "issues", "merges", "list"].includes(String(args["kind"]))) {
    if (isObject(args["server"]) && isObject(args["window"]) && isObject(args["filter"])) {
      return args as unknown as SliceArgs;
    }
  }
  throw new DecantError(
    "SENTRY_SLICE_INVALID",
    `Cannot read slice "${slice.key}": it was not made by this source`,
    { kind: "usage", hint: "Go on with the version that the export began with, or begin it anew." },
  );
}

/** Where the events of a slice are listed. */
export function eventsPath({ dataset, server, issue, project }: EventsArgs): string {
  if (dataset) return fillPath(datasets[dataset].path, { org: server.org ?? "" });
  return issue
    ? issuePath(server, issue.id, "events")
    : projectPath(server, project?.slug ?? "", "events");
}

/** What to ask for. Sentry reads `per_page`, GlitchTip `limit`; each ignores the other's. */
export function eventsParams(args: EventsArgs): Params {
  const { dataset, bounds, issue, filter, window } = args;
  if (dataset) return tableParams(args, dataset);
  return {
    full: "true",
    per_page: "100",
    limit: "100",
    ...(issue && { query: filter.query, environment: filter.environment }),
    ...(bounds !== "received" && window),
  };
}

/**
 * The server finds a replay by when parts of it arrived, up to an hour after it began. So that hour
 * is asked for, too, and what began in it is left out here.
 */
const replayMs = 3_600_000;

function tableParams({ filter, project, window }: EventsArgs, dataset: Dataset): Params {
  const end = boundsOf(window).end + (dataset === "replays" ? replayMs : 0);
  return {
    per_page: "100",
    ...datasets[dataset].params,
    query: filter.query,
    environment: filter.environment,
    project: project?.id ?? project?.slug,
    start: window.start,
    end: formatTime(end),
  };
}

/** Names what a slice holds, for messages. */
export function describe({ dataset, issue, project }: EventsArgs): string {
  if (dataset) return `${dataset} of project "${project?.slug}"`;
  return issue
    ? `events of issue "${issue.shortId ?? issue.id}"`
    : `events of project "${project?.slug}"`;
}

const tableHint = "The server may be of a version without them, or have the feature turned off.";

/** What to say when a slice cannot be read. */
export function subjectOf(args: EventsArgs): Subject {
  const name = describe(args);
  if (args.dataset)
    return { name, scope: datasets[args.dataset].scope, hint: tableHint, optional: true };
  return { name, scope: args.issue ? "event:read" : "project:read" };
}
