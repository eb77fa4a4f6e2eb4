import { attachment } from "./attachment.ts";
import type { Call } from "./call.ts";
import { issueEvent, projectEvent } from "./event-detail.ts";
import { issueEvents, projectEvents } from "./event-lists.ts";
import { explore } from "./explore.ts";
import { issueDetail, organizationIssues, projectIssues, shortId } from "./issue-lists.ts";
import { type ListEntry, recent } from "./list-entry.ts";
import { listReply } from "./list-reply.ts";
import { listTable } from "./list-table.ts";
import type { Reply } from "./loopback-server.ts";
import {
  apiRoot,
  glitchtipSettings,
  organizationDetail,
  organizationProjects,
  organizations,
  projectDetail,
  regions,
} from "./organization.ts";
import { replays } from "./replays.ts";
import type { Flavor, Group } from "./sentry-options.ts";

/** One endpoint. */
export interface Route {
  readonly pattern: RegExp;
  readonly group: Group;
  /**
   * What a token must be good for, one of these: `org` stands for reading, writing and administering
   * it, `org:ci` for itself. Absent: anybody may ask; empty: whoever has a token.
   */
  readonly scopes?: readonly string[];
  readonly handle: (call: Call) => Reply;
  /** Absent: all have it. */
  readonly flavors?: readonly Flavor[];
  /** Whether it is a list of events or discover, which can time out in the query service. */
  readonly queries?: boolean;
}

const sentry: readonly Flavor[] = ["saas", "self-hosted", "old"];

const routes: readonly Route[] = [
  route("/api/0/", { group: "root", handle: apiRoot }),
  route("/api/settings/", { group: "root", handle: glitchtipSettings, flavors: ["glitchtip"] }),
  route("/api/0/organizations/", {
    ...{ group: "organizations", scopes: ["org"], handle: organizations },
  }),
  route("/api/0/users/me/regions/", {
    ...{ group: "regions", scopes: [], handle: regions, flavors: ["saas"] },
  }),
  route("/api/0/organizations/:org/", {
    ...{ group: "organization", scopes: ["org"], handle: organizationDetail },
  }),
  route("/api/0/organizations/:org/projects/", {
    ...{ group: "projects", scopes: ["org"], handle: organizationProjects },
  }),
  route("/api/0/organizations/:org/issues/", {
    ...{ group: "issues", scopes: ["event"], handle: organizationIssues },
  }),
  route("/api/0/organizations/:org/shortids/:short/", {
    ...{ group: "short-id", scopes: ["event"], handle: shortId, flavors: sentry },
  }),
  route("/api/0/organizations/:org/events/", {
    ...{ group: "discover", scopes: ["org"], handle: explore, flavors: recent, queries: true },
  }),
  ...["issues", "groups"].flatMap((name) => [
    ...issueRoutes(`/api/0/organizations/:org/${name}/:issue/`, recent),
    ...issueRoutes(`/api/0/${name}/:issue/`, name === "issues" ? [...sentry, "glitchtip"] : sentry),
  ]),
  route("/api/0/projects/:org/:project/", {
    ...{ group: "project", scopes: ["project"], handle: projectDetail },
  }),
  route("/api/0/projects/:org/:project/issues/", {
    ...{ group: "project-issues", scopes: ["event"], handle: projectIssues },
  }),
  route("/api/0/projects/:org/:project/events/", {
    ...{ group: "project-events", scopes: ["project"], handle: projectEvents, queries: true },
  }),
  route("/api/0/projects/:org/:project/events/:event/", {
    ...{ group: "project-event", scopes: ["project"], handle: projectEvent },
  }),
  route("/api/0/organizations/:org/replays/", {
    ...{ group: "replays", scopes: ["org"], handle: replays, flavors: recent, queries: true },
  }),
  route("/api/0/projects/:org/:project/events/:event/attachments/:attachment/", {
    ...{ group: "attachment", scopes: ["project"], handle: attachment, flavors: sentry },
  }),
  ...listTable.flatMap(listRoutes),
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
export function routeScopes({ group, scopes }: Route, flavor: Flavor): Route["scopes"] {
  const events = group === "project-events" || group === "project-event";
  return events && flavor === "glitchtip" ? ["event"] : scopes;
}

/** Lists of issues are there without the organisation too; on old servers and GlitchTip only so. */
function listRoutes(entry: ListEntry): Route[] {
  const { stream: group, scopes, flavors = recent, path } = entry;
  const handle = (call: Call) => listReply(call, entry);
  const rest = { group, scopes, handle };
  const below = "organizations/:org/issues/";
  if (!path.startsWith(below)) return [route(`/api/0/${path}`, { ...rest, flavors })];
  const long = flavors.filter((flavor) => flavor !== "old" && flavor !== "glitchtip");
  const withOrganization = group === "issue-hashes" ? flavors.filter((one) => one !== "old") : long;
  return [
    route(`/api/0/${path}`, { ...rest, flavors: withOrganization }),
    route(`/api/0/issues/${path.slice(below.length)}`, { ...rest, flavors }),
  ];
}

function issueRoutes(prefix: string, flavors: readonly Flavor[]): Route[] {
  const common = { scopes: ["event"], flavors };
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
