import type { Call } from "./call.ts";
import { discover } from "./discover.ts";
import { issueEvent, projectEvent } from "./event-detail.ts";
import { issueEvents, projectEvents } from "./event-lists.ts";
import { issueDetail, organizationIssues, projectIssues, shortId } from "./issue-lists.ts";
import type { Reply } from "./loopback-server.ts";
import {
  apiRoot,
  glitchtipSettings,
  organizationDetail,
  organizationProjects,
  projectDetail,
} from "./organization.ts";
import type { Flavor, Group } from "./sentry-options.ts";

/** One endpoint. */
export interface Route {
  readonly pattern: RegExp;
  readonly group: Group;
  /** What a token must be good for. Absent: anybody may ask. */
  readonly scope?: "org" | "project" | "event";
  readonly handle: (call: Call) => Reply;
  /** Absent: all have it. */
  readonly flavors?: readonly Flavor[];
  /** Whether it is a list of events or discover, which can time out in the query service. */
  readonly queries?: boolean;
}

const sentry: readonly Flavor[] = ["saas", "self-hosted", "old"];
const recent: readonly Flavor[] = ["saas", "self-hosted"];

const routes: readonly Route[] = [
  route("/api/0/", { group: "root", handle: apiRoot }),
  route("/api/settings/", { group: "root", handle: glitchtipSettings, flavors: ["glitchtip"] }),
  route("/api/0/organizations/:org/", {
    ...{ group: "organization", scope: "org", handle: organizationDetail },
  }),
  route("/api/0/organizations/:org/projects/", {
    ...{ group: "projects", scope: "org", handle: organizationProjects },
  }),
  route("/api/0/organizations/:org/issues/", {
    ...{ group: "issues", scope: "event", handle: organizationIssues },
  }),
  route("/api/0/organizations/:org/shortids/:short/", {
    ...{ group: "short-id", scope: "event", handle: shortId, flavors: sentry },
  }),
  route("/api/0/organizations/:org/events/", {
    ...{ group: "discover", scope: "org", handle: discover, flavors: recent, queries: true },
  }),
  ...["issues", "groups"].flatMap((name) => [
    ...issueRoutes(`/api/0/organizations/:org/${name}/:issue/`, recent),
    ...issueRoutes(`/api/0/${name}/:issue/`, name === "issues" ? [...sentry, "glitchtip"] : sentry),
  ]),
  route("/api/0/projects/:org/:project/", {
    ...{ group: "project", scope: "project", handle: projectDetail },
  }),
  route("/api/0/projects/:org/:project/issues/", {
    ...{ group: "project-issues", scope: "event", handle: projectIssues },
  }),
  route("/api/0/projects/:org/:project/events/", {
    ...{ group: "project-events", scope: "project", handle: projectEvents, queries: true },
  }),
  route("/api/0/projects/:org/:project/events/:event/", {
    ...{ group: "project-event", scope: "project", handle: projectEvent },
  }),
];

/** The endpoint that a path belongs to, and the values of the parts that it names. */
export function findRoute(
  path: string,
  flavor: Flavor,
): { route: Route; params: Record<string, string> } | undefined {
  for (const one of routes) {
    const match = one.pattern.exec(path);
    if (!match || (one.flavors && !one.flavors.includes(flavor))) continue;
    const named = Object.entries(match.groups ?? {});
    return {
      route: one,
      params: Object.fromEntries(named.map(([name, value]) => [name, decode(value)])),
    };
  }
  return undefined;
}

/** The scope that stands for a route: GlitchTip asks for `event` where Sentry asks for `project`. */
export function routeScope({ group, scope }: Route, flavor: Flavor): Route["scope"] {
  const events = group === "project-events" || group === "project-event";
  return events && flavor === "glitchtip" ? "event" : scope;
}

function issueRoutes(prefix: string, flavors: readonly Flavor[]): Route[] {
  const common = { scope: "event", flavors } as const;
  return [
    route(prefix, { ...common, group: "issue", handle: issueDetail }),
    route(`${prefix}events/`, {
      ...{ ...common, group: "issue-events", handle: issueEvents, queries: true },
    }),
    route(`${prefix}events/:event/`, { ...common, group: "issue-event", handle: issueEvent }),
  ];
}

function route(path: string, rest: Omit<Route, "pattern">): Route {
  return { pattern: new RegExp(`^${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`), ...rest };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
