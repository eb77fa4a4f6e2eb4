import { type Batch, type End, isDecantError, type ReadOptions, type Slice } from "@decant/core";
import type { AskPages, Client } from "./create-client.ts";
import { lacksScope } from "./lacks-scope.ts";
import { childSlices } from "./list-args.ts";
import type { JsonObject } from "./parse-json.ts";
import { type ListRow, splitList, toListRows } from "./parse-list.ts";
import { toIssue } from "./resolve-issue.ts";
import { kinds, orgPath, projectPath, type Server } from "./server.ts";
import { eventsSlice, type IssueListArgs } from "./slice-args.ts";
import { entryOf } from "./stream-table.ts";

/** The list is read again while it shows more issues, but not for ever. */
const mostPasses = 4;

/**
 * Reads the list of a project's issues, delivers them where they are wanted, and spawns slices of
 * what is wanted of each. The server's search gives up after a while and then ends a list early, and
 * issues that come and go move others across pages, so the list is read twice, and again while that
 * finds more. If the last pass does, there may be still more, which is a hole.
 *
 * What is new shows by the slices that are spawned. Where none are, a pass has a page more at its
 * end: so the pipeline reads it again until its rows show nothing new.
 */
export async function* readIssueList(
  client: Client,
  args: IssueListArgs,
  { cursor, signal, keys = () => [] }: ReadOptions,
): AsyncGenerator<Batch, void, undefined> {
  const rowsOnly = args.streams.every((name) => name === "issues");
  const delivers = args.streams.includes("issues");
  const known = new Set(keys());
  let { pass, found, position } = parsePosition(cursor);
  if (rowsOnly && pass > 1) {
    yield { rows: [], next: { end: { why: "complete" } } };
    return;
  }
  try {
    for (let end: End | undefined; !end; pass++, found = 0, position = undefined) {
      for await (const { value, next } of issuePages(client, args, { position, signal })) {
        const spawn = value
          .flatMap((issue) => toSlices(issue.value(), args))
          .filter(({ key }) => !known.has(key));
        for (const { key } of spawn) known.add(key);
        found += spawn.length;
        if (next === undefined && !rowsOnly) end = endOf(pass, { found, delivers });
        const after = next === undefined ? `${pass + 1}:0:` : `${pass}:${found}:${next}`;
        const rows = delivers ? value.map(({ row }) => row) : [];
        yield { rows, next: end ? { end } : { cursor: after }, spawn };
      }
      if (rowsOnly) {
        yield { rows: [], next: { end: { why: "complete" } } };
        return;
      }
    }
  } catch (error) {
    if (!isDecantError(error) || error.code !== "SENTRY_FORBIDDEN" || args.asked) throw error;
    if (args.named && (await lacksScope(client, "event:read", { ...args, signal }))) throw error;
    yield { rows: [], next: { end: { why: "denied", detail: error.message } } };
  }
}

/** How the list ends after a whole pass. Nothing: it has to be read again. */
function endOf(
  pass: number,
  { found, delivers }: { readonly found: number; readonly delivers: boolean },
): End | undefined {
  // It was read often enough here.
  const read = delivers ? { shifted: false } : {};
  if (pass > 1 && found === 0) return { why: "complete", ...read };
  if (pass < mostPasses) return undefined;
  return { why: "hole", ...read, detail: `the list still showed more issues in pass ${pass}` };
}

interface IssuePagesOptions {
  readonly position?: string | undefined;
  readonly limit?: number;
  readonly signal: AbortSignal;
}

/** One pass over the list. Also what a probe of the list asks. */
export function issuePages(client: Client, args: IssueListArgs, options: IssuePagesOptions) {
  return client.pages(issueListRequest(args, options));
}

/** Makes the request of the list. */
export function issueListRequest(
  args: IssueListArgs,
  options: IssuePagesOptions,
): AskPages<readonly ListRow[]> {
  const { server, project, window, filter } = args;
  const { position, limit = 100, signal } = options;
  const entry = entryOf("issues");
  // What a filter leaves out may still have events, comments and so on.
  const { query, environment } = args.streams.some((name) => name !== "issues")
    ? { query: "", environment: [] }
    : filter;
  return {
    origin: server.origin,
    path: listPath(server, project.slug),
    params: {
      // Without it the server leaves out resolved and ignored issues.
      query,
      environment,
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
    parse: (body) => toListRows(splitList(body, entry), entry, { parents: {} }),
    signal,
    ...(position !== undefined && { cursor: position }),
  };
}

/** On GlitchTip the time range of an organisation's list means when an issue was first seen. */
function listPath(server: Server, project: string): string {
  return server.kind === "sentry"
    ? orgPath(server, "issues")
    : projectPath(server, project, "issues");
}

function toSlices(detail: JsonObject, args: IssueListArgs): Slice[] {
  const { server, window, filter } = args;
  const { issue, project = args.project } = toIssue(detail);
  const common = { server, window, filter, issue, project };
  const events = eventsSlice({
    ...{ ...common, kind: "events", asked: false },
    ...{ bounds: kinds[server.kind].bounds, whole: true, counted: false },
  });
  const below = childSlices(
    {
      ...{ ...common, kind: "list", stream: "issues", streams: args.streams },
      ...{ parents: {}, projects: [], asked: args.named, chosen: args.asked },
    },
    detail,
  );
  return args.streams.includes("events") ? [events, ...below] : below;
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
