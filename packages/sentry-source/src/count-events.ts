import { isDecantError } from "@decant/core";
import type { Client } from "./create-client.ts";
import { isObject, parseObject } from "./parse-json.ts";
import { orgPath } from "./server.ts";
import { describe, type EventsArgs } from "./slice-args.ts";

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
 * Counts the events of a slice, by the endpoint of Discover. A search query is not counted: issue
 * events and Discover do not read all queries alike.
 */
export async function countEvents(
  client: Client,
  args: EventsArgs,
  signal: AbortSignal,
): Promise<Count> {
  if (!args.server.count || args.filter.query !== "") return "unknown";
  if (args.issue !== undefined && args.issue.shortId === undefined) return "unknown";
  try {
    const value = await client.get({
      origin: args.server.origin,
      path: orgPath(args.server, "events"),
      params: {
        dataset: "errors",
        field: "count()",
        query: args.issue?.shortId ? `issue:${args.issue.shortId}` : "",
        project: args.project?.id ?? "-1",
        environment: args.filter.environment,
        ...args.window,
      },
      lane: "discover",
      subject: { name: `the count of ${describe(args)}`, scope: "org:read" },
      parse: parseObject,
      signal,
      retries: 4,
    });
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
