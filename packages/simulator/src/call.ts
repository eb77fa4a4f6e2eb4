import type { Access } from "./access.ts";
import type { Issue, Project } from "./entities.ts";
import type { FaultPlan } from "./faults.ts";
import { refuse } from "./reply.ts";
import type { Flavor, Group } from "./sentry-options.ts";
import type { World } from "./world.ts";

/** The settings of a running server that handlers read. */
export interface Settings {
  readonly flavor: Flavor;
  readonly seed: number;
  readonly org: string;
  readonly clamp: number;
  readonly retentionMs: number;
  readonly disabled: readonly Group[];
  readonly now: () => number;
}

/** One request on its way through a handler. */
export interface Call {
  readonly settings: Settings;
  readonly world: World;
  readonly faults: FaultPlan;
  readonly url: URL;
  readonly query: URLSearchParams;
  /** The parts of the path that the route names. */
  readonly params: Readonly<Record<string, string>>;
  readonly access: Access | undefined;
  /** The server's own address. */
  readonly origin: string;
  /** Counts up with every request. */
  readonly turn: number;
}

/** What rows are made from. */
export type Scene = Pick<Call, "settings" | "world" | "origin">;

/** What a server says when a thing is not there. */
export function notFound({ settings }: Call) {
  return refuse(
    404,
    settings.flavor === "glitchtip" ? "Not Found" : "The requested resource does not exist",
  );
}

/** The issue that the path names. Short ids work only where the path names the organisation too. */
export function calledIssue(call: Call): Issue {
  const text = call.params["issue"]!;
  const issue = /^\d+$/.test(text) || call.params["org"] ? call.world.issue(text) : undefined;
  if (!issue) throw notFound(call);
  return issue;
}

/** The project that the path names by its slug or id. */
export function calledProject(call: Call): Project {
  const name = call.params["project"]!;
  const project = call.world.projects.find(({ slug, id }) => slug === name || id === name);
  if (!project) throw notFound(call);
  return project;
}

/** The projects that `project` parameters name by slug or id; all where there is none, or -1. */
export function calledProjects({ world, query }: Call): readonly Project[] {
  const wanted = query.getAll("project").filter((name) => name !== "-1");
  if (wanted.length === 0) return world.projects;
  const found = world.projects.filter(
    ({ id, slug }) => wanted.includes(id) || wanted.includes(slug),
  );
  if (found.length === new Set(wanted).size) return found;
  throw refuse(403, "You do not have permission to perform this action.");
}

/** The oldest time that can still be seen. */
export function retentionEdge({ settings }: Call): number {
  return settings.now() - settings.retentionMs;
}
