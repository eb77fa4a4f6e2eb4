import { DecantError, type Json, type Slice } from "@decant/core";
import type { Params } from "./create-client.ts";
import type { Subject } from "./explain.ts";
import { isObject } from "./parse-json.ts";
import { issuePath, kinds, projectPath, type Server } from "./server.ts";
import type { Window } from "./window.ts";

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

/** A slice of the events of an issue, or of a project. */
export type EventsArgs = CommonArgs & {
  readonly kind: "events";
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

/** The list of a project's issues, each of which becomes a slice. */
export type IssueListArgs = CommonArgs & { readonly kind: "issues"; readonly project: ProjectRef };

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
  const { issue, project, window, expected } = args;
  const name = issue ? issueKey(issue.id) : `project/${project?.slug}`;
  const part = `/${window.start}/${window.end}${args.counted ? "" : "/uncounted"}`;
  return {
    key: args.whole ? name : name + part,
    stream: "events",
    lane: issue ? "issue-events" : "project-events",
    dedupe: kinds[args.server.kind].dedupe,
    args: args satisfies Json,
    ...(expected !== undefined && { expected }),
  };
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
  return {
    key: `issues/${args.project.slug}`,
    stream: "events",
    lane: "issues",
    dedupe: "page",
    args: args satisfies Json,
    expected: 0,
  };
}

/** Takes the arguments out of a slice, which may come from a state file. */
export function readArgs(slice: Slice): EventsArgs | IssueListArgs | MergesArgs {
  const { args } = slice;
  if (isObject(args) && ["events", "issues", "merges"].includes(String(args["kind"]))) {
    if (isObject(args["server"]) && isObject(args["window"]) && isObject(args["filter"])) {
      return args as unknown as EventsArgs | IssueListArgs | MergesArgs;
    }
  }
  throw new DecantError(
    "SENTRY_SLICE_INVALID",
    `Cannot read slice "${slice.key}": it was not made by this source`,
    { kind: "usage", hint: "Go on with the version that the export began with, or begin it anew." },
  );
}

/** Where the events of a slice are listed. */
export function eventsPath({ server, issue, project }: EventsArgs): string {
  return issue
    ? issuePath(server, issue.id, "events")
    : projectPath(server, project?.slug ?? "", "events");
}

/** What to ask for. Sentry reads `per_page`, GlitchTip `limit`; each ignores the other's. */
export function eventsParams({ bounds, issue, filter, window }: EventsArgs): Params {
  return {
    full: "true",
    per_page: "100",
    limit: "100",
    ...(issue && { query: filter.query, environment: filter.environment }),
    ...(bounds !== "received" && window),
  };
}

/** Names what a slice holds, for messages. */
export function describe({ issue, project }: EventsArgs): string {
  return issue
    ? `events of issue "${issue.shortId ?? issue.id}"`
    : `events of project "${project?.slug}"`;
}

/** What to say when a slice cannot be read. */
export function subjectOf(args: EventsArgs): Subject {
  return { name: describe(args), scope: args.issue ? "event:read" : "project:read" };
}
