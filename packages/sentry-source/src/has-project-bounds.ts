import { isDecantError } from "@decant/core";
import type { Client } from "./create-client.ts";
import { parseEvents } from "./parse-events.ts";
import { type EventsArgs, eventsParams, eventsPath, subjectOf } from "./slice-args.ts";
import { boundsOf, formatTime } from "./window.ts";

/**
 * Whether the server keeps a project's events to a time range. Servers before mid-2025 ignore the
 * range without a word (https://github.com/getsentry/sentry/pull/96577), so it is asked for the last
 * second of it: if that has events, then probably because the range was ignored. If the project has
 * none at all, nothing can be told. Reading on as if it was ignored is right in any case.
 */
export async function hasProjectBounds(
  client: Client,
  args: EventsArgs,
  signal: AbortSignal,
): Promise<boolean> {
  const end = boundsOf(args.window).end;
  const window = { start: formatTime(end - 1_000), end: formatTime(end) };
  const unbounded: EventsArgs = { ...args, bounds: "received" };
  // In this order: an event that arrives in between must not pass for one that was left out.
  return (
    (await hasEvents(client, unbounded, signal)) &&
    !(await hasEvents(client, { ...args, window }, signal))
  );
}

async function hasEvents(client: Client, args: EventsArgs, signal: AbortSignal): Promise<boolean> {
  try {
    const events = await client.get({
      origin: args.server.origin,
      path: eventsPath(args),
      params: { ...eventsParams(args), per_page: "1", limit: "1" },
      lane: "project-events",
      subject: subjectOf(args),
      parse: (body) => parseEvents(body, args.project?.id),
      signal,
    });
    return events.length > 0;
  } catch (error) {
    // One that the server fails to show is an event, too.
    if (isDecantError(error) && error.code === "SENTRY_SERVER_ERROR") return true;
    throw error;
  }
}
