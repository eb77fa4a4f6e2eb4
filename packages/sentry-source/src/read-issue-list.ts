import { type Batch, isDecantError, type ReadOptions, type Slice } from "@decant/core";
import type { Client } from "./create-client.ts";
import { type JsonObject, parseObjects } from "./parse-json.ts";
import { toIssue } from "./resolve-issue.ts";
import { kinds, orgPath, projectPath, type Server } from "./server.ts";
import { eventsSlice, type IssueListArgs } from "./slice-args.ts";

/** The list is read again while it shows more issues, but not for ever. */
const mostPasses = 4;

/**
 * Reads the list of a project's issues and spawns a slice for each. The server's search gives up
 * after a while and then ends a list early, and issues that come and go move others across pages,
 * so the list is read twice, and again while that finds more.
 */
export async function* readIssueList(
  client: Client,
  args: IssueListArgs,
  { cursor, signal }: ReadOptions,
): AsyncGenerator<Batch, void, undefined> {
  const known = new Set<string>();
  let [pass, position] = parsePosition(cursor);
  try {
    for (let more = true; more; pass++, position = undefined) {
      let found = 0;
      for await (const { value, next } of issuePages(client, args, { position, signal })) {
        const spawn = value
          .map((issue) => toSlice(issue, args))
          .filter(({ key }) => !known.has(key));
        for (const { key } of spawn) known.add(key);
        found += spawn.length;
        more = next !== undefined || pass < 2 || (found > 0 && pass < mostPasses);
        const after = next === undefined ? `${pass + 1}:` : `${pass}:${next}`;
        yield { rows: [], next: more ? { cursor: after } : { end: { why: "complete" } }, spawn };
      }
    }
  } catch (error) {
    if (!isDecantError(error) || error.code !== "SENTRY_FORBIDDEN" || args.asked) throw error;
    yield { rows: [], next: { end: { why: "denied", detail: error.message } } };
  }
}

/** One pass over the list. Also what a probe of the list asks. */
export function issuePages(
  client: Client,
  args: IssueListArgs,
  options: { readonly position?: string | undefined; readonly limit?: number; signal: AbortSignal },
) {
  const { server, project, window } = args;
  const { position, limit = 100, signal } = options;
  return client.pages<JsonObject[]>({
    origin: server.origin,
    path: listPath(server, project.slug),
    params: {
      // Without it the server leaves out resolved and ignored issues.
      query: "",
      sort: kinds[server.kind].issueSort,
      limit: `${limit}`,
      per_page: `${limit}`,
      ...(server.kind === "sentry" && { project: project.id ?? project.slug, ...window }),
    },
    lane: "issues",
    subject: {
      name: `issues of project "${project.slug}"`,
      scope: "event:read",
      hint: `Check the name of the project, and that organisation "${server.org}" has it.`,
    },
    parse: parseObjects,
    signal,
    ...(position !== undefined && { cursor: position }),
  });
}

/** On GlitchTip the time range of an organisation's list means when an issue was first seen. */
function listPath(server: Server, project: string): string {
  return server.kind === "sentry"
    ? orgPath(server, "issues")
    : projectPath(server, project, "issues");
}

function toSlice(detail: JsonObject, args: IssueListArgs): Slice {
  const { issue, project = args.project } = toIssue(detail);
  return eventsSlice({
    kind: "events",
    server: args.server,
    window: args.window,
    filter: args.filter,
    asked: false,
    issue,
    project,
    bounds: kinds[args.server.kind].bounds,
    whole: true,
    counted: false,
  });
}

/** A stored cursor is the number of the pass, and the server's cursor in it. */
function parsePosition(cursor: string | undefined): [pass: number, position: string | undefined] {
  const [, pass = "1", position] = /^(\d+):(.*)$/s.exec(cursor ?? "") ?? [];
  return [Number(pass), position || undefined];
}
