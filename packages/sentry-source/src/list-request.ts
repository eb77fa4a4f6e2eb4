import type { AskPages, Params } from "./create-client.ts";
import type { ListArgs } from "./list-args.ts";
import { splitList } from "./parse-list.ts";
import { fillPath } from "./server.ts";
import type { StreamEntry } from "./stream-entry.ts";

/** Makes the request of a list, or of one object. */
export function listRequest(
  entry: StreamEntry,
  args: ListArgs,
  signal: AbortSignal,
): AskPages<readonly Uint8Array[]> {
  const values = valuesOf(args);
  return {
    origin: args.server.origin,
    path: fillPath(pathOf(entry, args), values),
    params: paramsOf(entry, args, values),
    lane: entry.name,
    subject: {
      name: nameOf(entry, args),
      scope: entry.scope,
      hint: "The server may be of a version without it, or have the feature turned off.",
      optional: true,
    },
    parse: (body) => splitList(body, entry),
    signal,
  };
}

/** What is filled in for the names in paths and parameters. */
function valuesOf({ server, project, parents }: ListArgs): Readonly<Record<string, string>> {
  return { ...parents, org: server.org ?? "", project: project?.slug ?? "" };
}

/** Old servers and GlitchTip have issues at the root. */
function pathOf({ path }: StreamEntry, { server }: ListArgs): string {
  const below = "organizations/{org}/issues/{issueId}/";
  return path.startsWith(below) && !server.orgIssues
    ? path.slice("organizations/{org}/".length)
    : path;
}

function paramsOf(
  { params = {}, paging, bounds, filters = [] }: StreamEntry,
  { projects, filter, window }: ListArgs,
  values: Readonly<Record<string, string>>,
): Params {
  const fixed = Object.entries(params).map(([name, value]) => {
    const filled =
      typeof value === "string"
        ? value.replace(/^\{(\w+)\}$/, (_, key) => values[key] ?? "")
        : value;
    return [name, filled];
  });
  return {
    // Sentry reads `per_page`, GlitchTip `limit`; each ignores the other's.
    ...(paging !== "one" && paging !== "all" && { per_page: "100", limit: "100" }),
    // Without it the server shows those projects alone that the token's user is a member of.
    ...(filters.includes("project") && { project: projects.length > 0 ? projects : "-1" }),
    ...(filters.includes("environment") && { environment: filter.environment }),
    ...Object.fromEntries(fixed),
    ...(bounds && window),
  };
}

/** Names what is read, for messages: `release-commits of releaseVersion "1.0"`. */
function nameOf({ name }: StreamEntry, { parents, project, server }: ListArgs): string {
  const [kind, id] = Object.entries(parents).at(-1) ?? [];
  if (id !== undefined && kind !== "projectId") return `${name} of ${kind} "${id}"`;
  return project
    ? `${name} of project "${project.slug}"`
    : `${name} of organisation "${server.org}"`;
}
