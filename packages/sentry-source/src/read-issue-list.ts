import { type Batch, type End, isDecantError, type ReadOptions, type Slice } from "@decant/core";
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
 * so the list is read twice, and again while that finds more. If the last pass does, there may be
 * still more, which is a hole.
 */
export async function* readIssueList(
  client: Client,
  args: IssueListArgs,
  { cursor, signal, keys = () => [] }: ReadOptions,
): AsyncGenerator<Batch, void, undefined> {
  const known = new Set(keys());
  let { pass, found, position } = parsePosition(cursor);
  try {
    for (let end: End | undefined; !end; pass++, found = 0, position = undefined) {
      for await (const { value, next } of issuePages(client, args, { position, signal })) {
        const spawn = value
          .map((issue) => toSlice(issue, args))
          .filter(({ key }) => !known.has(key));
        for (const { key } of spawn) known.add(key);
        found += spawn.length;
        if (next === undefined) end = endOf(pass, found);
        const after = next === undefined ? `${pass + 1}:0:` : `${pass}:${found}:${next}`;
        yield { rows: [], next: end ? { end } : { cursor: after }, spawn };
      }
    }
  } catch (error) {
    if (!isDecantError(error) || error.code !== "SENTRY_FORBIDDEN" || args.asked) throw error;
    yield { rows: [], next: { end: { why: "denied", detail: error.message } } };
  }
}

/** How the list ends after a whole pass. Nothing: it has to be read again. */
function endOf(pass: number, found: number): End | undefined {
  if (pass > 1 && found === 0) return { why: "complete" };
  if (pass < mostPasses) return undefined;
  return { why: "hole", detail: `the list still showed more issues in pass ${pass}` };
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

/** A stored cursor is the number of the pass, how many issues it found, and the server's cursor. */
function parsePosition(cursor = ""): {
  pass: number;
  found: number;
  position: string | undefined;
} {
  const [, pass = "1", found = "0", position] = /^(\d+):(\d+):(.*)$/s.exec(cursor) ?? [];
  return { pass: Number(pass), found: Number(found), position: position || undefined };
}
