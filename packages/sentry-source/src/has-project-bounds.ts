import { isDecantError } from "@decant/core";
import type { Client } from "./create-client.ts";
import { type ParsedEvent, parseEvents } from "./parse-events.ts";
import { type EventsArgs, eventsParams, eventsPath, subjectOf } from "./slice-args.ts";
import { boundsOf, formatTime } from "./window.ts";

/**
 * Whether the server keeps a project's events to a time range. Servers before mid-2025 ignore the
 * range without a word (https://github.com/getsentry/sentry/pull/96577), so it is asked for the last
 * second of it. That proves it if it has none while the project has some, or if it has some while
 * the project has newer ones. Reading on as if the range was ignored is right in any case.
 */
export async function hasProjectBounds(
  client: Client,
  args: EventsArgs,
  signal: AbortSignal,
): Promise<boolean> {
  const { end } = boundsOf(args.window);
  const window = { start: formatTime(end - 1_000), end: formatTime(end) };
  // In this order: an event that arrives in between must not pass for one that was left out.
  const newest = await findNewest(client, { ...args, bounds: "received" }, signal);
  if (newest === "none") return false;
  const within = await findNewest(client, { ...args, window }, signal);
  if (within === "none") return true;
  return isAtLeast(newest, end) && isAtLeast(within, end - 1_000) && !isAtLeast(within, end);
}

function isAtLeast({ created }: Pick<ParsedEvent, "created">, time: number): boolean {
  return created !== undefined && created >= time;
}

/** The newest event of a list, without its date where the server fails to show it. */
async function findNewest(
  client: Client,
  args: EventsArgs,
  signal: AbortSignal,
): Promise<Pick<ParsedEvent, "created"> | "none"> {
  try {
    const [event] = await client.get({
      origin: args.server.origin,
      path: eventsPath(args),
      params: { ...eventsParams(args), per_page: "1", limit: "1" },
      lane: "project-events",
      subject: subjectOf(args),
      parse: (body) => parseEvents(body, { kind: args.server.kind, project: args.project?.id }),
      signal,
    });
    return event ?? "none";
  } catch (error) {
    if (isDecantError(error) && error.code === "SENTRY_SERVER_ERROR") return {};
    throw error;
  }
}
