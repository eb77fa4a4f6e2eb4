import { isDecantError, type ReadOptions } from "@decant/core";
import type { AskPages, Client } from "./create-client.ts";
import { datasets } from "./dataset-streams.ts";
import { pageByOffset } from "./page-by-offset.ts";
import { ofWholeSeconds, pageByTime } from "./page-by-time.ts";
import { type ParsedEvent, parseEvents } from "./parse-events.ts";
import { type ParsedPage, parseTable } from "./parse-table.ts";
import { type EventsArgs, eventsParams, eventsPath, laneOf, subjectOf } from "./slice-args.ts";

/** A page of events. */
export interface EventPage {
  readonly events: readonly ParsedEvent[];
  /** What the next page is asked for with. Absent: it is the last one. */
  readonly next?: string;
  /** How many events before this page the server could not show. */
  readonly lost: number;
  /** Whether it was asked for by the server's cursor: where that is an offset, rows may have moved. */
  readonly byCursor: boolean;
  /** Whether the server looked at a sample of its rows only. */
  readonly partial: boolean;
}

/** So many events one after the other that fail mean that the server fails, and not the events. */
const mostLost = 10;
/** So many pages in a row that fail, and of which no row does, mean that the row moves on meanwhile. */
const mostVain = 3;
/**
 * A list that moves shows a page again and again while as many rows arrive as it holds. A server
 * that goes round in circles does it for ever.
 */
const mostLoops = 5;

type Ask = AskPages<ParsedPage>;

/**
 * Reads pages of events. One event that the server cannot show makes it fail the whole page, so such
 * a page is read row by row, and what fails alone is left out and counted.
 */
export async function* eventPages(
  client: Client,
  args: EventsArgs,
  options: ReadOptions & { readonly readAheadBytes?: number },
): AsyncGenerator<EventPage, void, undefined> {
  const ask = eventsRequest(args, options);
  const byTime = args.bounds === "server";
  let { cursor } = options;
  let vain = 0;
  let loops = 0;
  while (true) {
    try {
      for await (const { value, next } of client.pages({ ...ask, ...(cursor && { cursor }) })) {
        const { partial } = value;
        const events = byTime ? ofWholeSeconds(value.events, next) : value.events;
        const byCursor = byTime ? cursor?.includes(" ") === true : cursor !== undefined;
        cursor = next;
        vain = 0;
        yield { events, ...(next !== undefined && { next }), lost: 0, byCursor, partial };
      }
      return;
    } catch (error) {
      if (isLoop(error) && args.bounds !== "received" && ++loops <= mostLoops) continue;
      const offset = offsetOf(cursor);
      if (offset === undefined || !mayBeRow(error, args) || ++vain > mostVain) throw error;
      const end = byTime ? `${cursor?.split(" ")[0] ?? args.window.end} ` : "";
      for await (const page of readSingly(client, ask, { end, offset, error })) {
        if (page.lost > 0) vain = 0;
        yield page;
        if (page.next === undefined) return;
        cursor = page.next;
      }
    }
  }
}

/** Reads the rows of a page one by one until one that fails is behind. */
async function* readSingly(
  client: Client,
  ask: Ask,
  { end, offset, error }: { end: string; offset: number; error: unknown },
): AsyncGenerator<EventPage, void, undefined> {
  const pageRows = Number(ask.params?.["per_page"]);
  let lost = 0;
  for (let at = offset; at < offset + pageRows; at++) {
    const page = await readOne(client, { ...ask, cursor: `${end}0:${at}:0` });
    if (page === undefined) {
      lost++;
      if (lost === mostLost) throw error;
      continue;
    }
    const { value, next } = page;
    yield { ...value, ...(next !== undefined && { next }), lost, byCursor: true };
    if (lost > 0) return;
  }
}

/** One row, or nothing where it makes the server fail. */
async function readOne(client: Client, ask: Ask) {
  const params = { ...ask.params, per_page: "1", limit: "1" };
  const one = { ...ask, params, readAheadBytes: 0 };
  try {
    for await (const page of client.pages({ ...one, retries: 2 })) return page;
  } catch (error) {
    if (isPageFailure(error)) return undefined;
    if (!isDecantError(error) || !error.retryable || error.retryAfterMs !== undefined) throw error;
  }
  // Something else went wrong, which says nothing of the row.
  try {
    for await (const page of client.pages(one)) return page;
  } catch (error) {
    if (!isPageFailure(error)) throw error;
  }
  return undefined;
}

/** Makes the request of the first page. */
export function eventsRequest(
  args: EventsArgs,
  { signal, readAheadBytes }: ReadOptions & { readonly readAheadBytes?: number },
): Ask {
  return {
    origin: args.server.origin,
    path: eventsPath(args),
    params: eventsParams(args),
    lane: laneOf(args),
    subject: subjectOf(args),
    parse: (body) => parsePage(body, args),
    signal,
    ...(args.bounds === "server" && { next: pageByTime(args.window) }),
    ...(args.bounds === "created" && { next: pageByOffset() }),
    ...(readAheadBytes !== undefined && { readAheadBytes }),
  };
}

function parsePage(body: Uint8Array, { dataset, server, project }: EventsArgs): ParsedPage {
  if (dataset) return parseTable(body, datasets[dataset]);
  return { events: parseEvents(body, { kind: server.kind, project: project?.id }), partial: false };
}

/** Where in its window a page begins, if the server's cursor is an offset. */
function offsetOf(cursor = ""): number | undefined {
  const [matched, offset = "0"] = /^(?:[^ ]+Z)?(?: ?0:(\d+):0)?$/.exec(cursor) ?? [];
  return matched === undefined ? undefined : Number(offset);
}

/**
 * A page may fail for one of its rows, whatever its last try met: the first row alone will tell. A
 * query that takes too long is rather made shorter, where the list keeps to a window; and a server
 * that says when to come back has other reasons.
 */
function mayBeRow(error: unknown, { bounds }: EventsArgs): boolean {
  if (!isDecantError(error) || !error.retryable || bounds === "received") return false;
  if (error.retryAfterMs !== undefined) return false;
  return error.code !== "SENTRY_QUERY_LIMIT" || bounds !== "server";
}

function isLoop(error: unknown): boolean {
  return isDecantError(error) && error.code === "SENTRY_LOOP";
}

function isPageFailure(error: unknown): boolean {
  return (
    isDecantError(error) &&
    (error.code === "SENTRY_SERVER_ERROR" || error.code === "PAGE_MALFORMED")
  );
}
