import { isDecantError } from "@decant/core";
import type { Client, Params } from "./create-client.ts";
import { datasets } from "./dataset-streams.ts";
import { isObject, parseObject } from "./parse-json.ts";
import { isPartial } from "./parse-table.ts";
import { orgPath } from "./server.ts";
import { describe, type EventsArgs, eventsParams } from "./slice-args.ts";

/** What the server says of the number of events in a window. */
export type Count =
  | { readonly rows: number }
  /** The window ends before what the server keeps. */
  | "outside"
  /** It does not count, or not now. */
  | "unknown";

/** Answers that mean that there is no count, and not that the export is in trouble. */
const noCount = new Set([
  "SENTRY_FORBIDDEN",
  "SENTRY_NOT_FOUND",
  "SENTRY_REJECTED",
  "SENTRY_QUERY_LIMIT",
  "SENTRY_SERVER_ERROR",
  "PAGE_MALFORMED",
]);

/**
 * Counts the rows of a slice, by the endpoint of Discover. Events are not counted by a search query:
 * issue events and Discover do not read all queries alike.
 */
export async function countEvents(
  client: Client,
  args: EventsArgs,
  signal: AbortSignal,
): Promise<Count> {
  const params = args.server.count ? countParams(args) : undefined;
  if (params === undefined) return "unknown";
  try {
    const value = await client.get({
      origin: args.server.origin,
      path: orgPath(args.server, "events"),
      params,
      lane: "discover",
      subject: { name: `the count of ${describe(args)}`, scope: "org:read" },
      parse: parseObject,
      signal,
      retries: 4,
    });
    if (isPartial(value["meta"])) return "unknown";
    const [row] = Array.isArray(value["data"]) ? value["data"] : [];
    const rows = isObject(row) ? (row["count()"] ?? row["count"]) : undefined;
    return typeof rows === "number" && rows >= 0 ? { rows } : "unknown";
  } catch (error) {
    if (!isDecantError(error)) throw error;
    if (error.code === "SENTRY_OUTSIDE_RETENTION") return "outside";
    if (noCount.has(error.code)) return "unknown";
    throw error;
  }
}

/** What to ask for. Nothing: the server cannot count these rows. */
function countParams(args: EventsArgs): Params | undefined {
  const { dataset, issue, project, filter, window } = args;
  if (dataset) {
    if (datasets[dataset].paging !== "time") return undefined;
    const { sort: _, ...params } = eventsParams(args);
    return { ...params, per_page: "1", field: "count()" };
  }
  if (filter.query !== "" || (issue && issue.shortId === undefined)) return undefined;
  return {
    dataset: "errors",
    field: "count()",
    query: issue ? `issue:${issue.shortId}` : "",
    project: project?.id ?? "-1",
    environment: filter.environment,
    ...window,
  };
}
