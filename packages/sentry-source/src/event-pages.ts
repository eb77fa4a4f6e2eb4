import { isDecantError, type ReadOptions } from "@decant/core";
import type { AskPages, Client } from "./create-client.ts";
import { type ParsedEvent, parseEvents } from "./parse-events.ts";
import { type EventsArgs, eventsParams, eventsPath, subjectOf } from "./slice-args.ts";

/** A page of events, and what had to be left out so far. */
export interface EventPage {
  readonly events: readonly ParsedEvent[];
  /** Absent: it is the last one. */
  readonly next?: string;
  /** How many events before the next page the server cannot show. */
  readonly lost: number;
}

/** So many events one after the other that fail mean that the server fails, and not the events. */
const mostLost = 10;
/** The most rows of a page, which are then read one by one. */
const pageRows = 100;

/**
 * Reads pages of events. One event that the server cannot show makes it fail the whole page, so such
 * a page is read row by row, and what fails alone is left out and counted.
 */
export async function* eventPages(
  client: Client,
  args: EventsArgs,
  options: ReadOptions & { readonly readAheadBytes?: number },
): AsyncGenerator<EventPage, void, undefined> {
  const ask = toAsk(args, options);
  let { cursor, lost } = parsePosition(options.cursor);
  while (true) {
    try {
      for await (const { value, next } of client.pages({ ...ask, ...(cursor && { cursor }) })) {
        cursor = next;
        yield toPage(value, next, lost);
      }
      return;
    } catch (error) {
      const offset = offsetOf(cursor);
      if (offset === undefined || !isPageFailure(error) || args.bounds !== "server") throw error;
      for await (const page of readSingly(client, ask, { offset, lost, error })) {
        lost = page.lost;
        yield page;
        if (page.next === undefined) return;
        cursor = parsePosition(page.next).cursor;
      }
    }
  }
}

/** Reads row by row until one that fails is behind. */
async function* readSingly(
  client: Client,
  ask: AskPages<ParsedEvent[]>,
  { offset, lost, error }: { offset: number; lost: number; error: unknown },
): AsyncGenerator<EventPage, void, undefined> {
  let failed = 0;
  for (let at = offset; at < offset + pageRows; at++) {
    const page = await readOne(client, ask, at);
    if (page === undefined) {
      failed++;
      if (failed === mostLost) throw error;
      continue;
    }
    yield toPage(page.value, page.next, lost + failed);
    if (failed > 0) return;
  }
}

async function readOne(client: Client, ask: AskPages<ParsedEvent[]>, offset: number) {
  const params = { ...ask.params, per_page: "1", limit: "1" };
  const cursor = `0:${offset}:0`;
  try {
    for await (const page of client.pages({
      ...ask,
      params,
      cursor,
      readAheadBytes: 0,
      retries: 2,
    })) {
      return page;
    }
  } catch (error) {
    if (!isPageFailure(error)) throw error;
  }
  return undefined;
}

function toAsk(
  args: EventsArgs,
  { signal, readAheadBytes }: ReadOptions & { readonly readAheadBytes?: number },
): AskPages<ParsedEvent[]> {
  return {
    origin: args.server.origin,
    path: eventsPath(args),
    params: eventsParams(args),
    lane: args.issue ? "issue-events" : "project-events",
    subject: subjectOf(args),
    parse: (body) => parseEvents(body, args.project?.id),
    signal,
    ...(readAheadBytes !== undefined && { readAheadBytes }),
  };
}

function toPage(events: readonly ParsedEvent[], next: string | undefined, lost: number): EventPage {
  if (next === undefined) return { events, lost };
  return { events, lost, next: lost > 0 ? `${lost}!${next}` : next };
}

/** A stored cursor holds the number of lost events, so that a resumed export tells of them, too. */
function parsePosition(position: string | undefined): { cursor: string | undefined; lost: number } {
  const [, lost, cursor] = /^(\d+)!(.*)$/s.exec(position ?? "") ?? [];
  return lost === undefined ? { cursor: position, lost: 0 } : { cursor, lost: Number(lost) };
}

/** The number of rows before a position, where the cursor is Sentry's offset. */
export function offsetOf(position: string | undefined): number | undefined {
  const { cursor } = parsePosition(position);
  if (cursor === undefined) return 0;
  const offset = /^0:(\d+):0$/.exec(cursor)?.[1];
  return offset === undefined ? undefined : Number(offset);
}

function isPageFailure(error: unknown): boolean {
  return (
    isDecantError(error) &&
    (error.code === "SENTRY_SERVER_ERROR" || error.code === "PAGE_MALFORMED")
  );
}
