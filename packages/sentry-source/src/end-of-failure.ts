import { type Batch, type DecantError, type End, isDecantError } from "@decant/core";
import type { Client } from "./create-client.ts";
import { readPosition } from "./position.ts";
import { findIssue } from "./resolve-issue.ts";
import { type EventsArgs, eventsSlice } from "./slice-args.ts";
import { halves } from "./split-window.ts";
import { boundsOf, middleOf } from "./window.ts";

/** No Sentry keeps events for less, so no part that ends later can be too old. */
const longAgo = 30 * 86_400_000;

/** Where the reading of a slice failed. */
export interface FailureContext {
  readonly client: Client;
  readonly args: EventsArgs;
  /** As in `ReadOptions`, of the page that failed. */
  readonly cursor: string | undefined;
  readonly signal: AbortSignal;
}

/** Ends a slice that cannot be read, or throws where that is the user's to know. */
export async function endOfFailure(error: unknown, context: FailureContext): Promise<Batch> {
  if (!isDecantError(error)) throw error;
  const batch =
    (await endOfMissing(error, context)) ??
    endOfRefusal(error, context) ??
    endOfTrouble(error, context);
  if (batch === undefined) throw error;
  return batch;
}

async function endOfMissing(
  { code, message }: DecantError,
  { client, args, signal }: FailureContext,
): Promise<Batch | undefined> {
  if (code !== "SENTRY_NOT_FOUND") return undefined;
  if (args.dataset && !args.asked) return ended({ why: "absent", detail: message });
  if (!args.issue) return undefined;
  // That its list is not there says little: the issue must not be there, either.
  const found = await findIssue(client, args.issue.id, { server: args.server, signal });
  if (!found) return ended({ why: "gone", detail: "deleted while the export ran" });
  // The project had no issue yet when it was found out where the server keeps them.
  if (!args.whole || found.server.orgIssues === args.server.orgIssues) return undefined;
  const elsewhere = eventsSlice({ ...args, server: found.server, whole: false });
  return { ...ended({ why: "split" }), spawn: [elsewhere] };
}

function endOfRefusal(
  { code, message }: DecantError,
  { args, cursor }: FailureContext,
): Batch | undefined {
  if (code === "SENTRY_FORBIDDEN" && !args.asked) return ended({ why: "denied", detail: message });
  if (code !== "SENTRY_REJECTED" || !args.dataset) return undefined;
  // A server that took the same question for the pages before refuses how deep the next one lies.
  if (cursor !== undefined) return endOfDepth(args, cursor);
  return args.asked ? undefined : ended({ why: "absent", detail: message });
}

/** What lies behind the last row that the server shows of a table is reached by shorter windows. */
function endOfDepth(args: EventsArgs, cursor: string): Batch | undefined {
  const middle = middleOf(args.window);
  if (middle !== undefined) return { ...ended({ why: "split" }), spawn: halves(args, middle) };
  const { seen, again } = readPosition(cursor);
  const shown = seen - again;
  const { expected = shown } = args;
  return ended({
    why: "hole",
    ...(expected > shown && { expected, lost: expected - shown }),
    detail: `the server shows no more than ${shown} ${args.dataset} of the second from ${args.window.start}`,
  });
}

function endOfTrouble({ code }: DecantError, { args, client }: FailureContext): Batch | undefined {
  if (code === "SENTRY_OUTSIDE_RETENTION" && args.dataset) return outside;
  if (code === "SENTRY_SERVER_ERROR" && isOldPart(args, client.now())) {
    return ended({ why: "hole", detail: "the server fails here; it may keep nothing that old" });
  }
  const middle = middleOf(args.window);
  if (code === "SENTRY_QUERY_LIMIT" && middle !== undefined && args.bounds === "server") {
    return { ...ended({ why: "split" }), spawn: halves(args, middle) };
  }
  return undefined;
}

/**
 * A server answers with status 500 where it keeps nothing any more. Where it does not count, a part
 * that was cut off an open range cannot be told from that.
 */
function isOldPart({ dataset, whole, server, bounds, window }: EventsArgs, now: number): boolean {
  const uncounted = dataset === "replays" || (!server.count && bounds === "server");
  return !whole && uncounted && boundsOf(window).end < now - longAgo;
}

/** The end of a slice, without rows. */
export function ended(end: End): Batch {
  return { rows: [], next: { end } };
}

/** The end of a window that lies before all that the server keeps. */
export const outside: Batch = ended({
  why: "complete",
  expected: 0,
  detail: "older than what the server keeps",
});
