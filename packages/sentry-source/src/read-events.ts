import type { Batch, End, ReadOptions, Row } from "@decant/core";
import { countEvents } from "./count-events.ts";
import { type Client, looping } from "./create-client.ts";
import { ended, endOfFailure, outside } from "./end-of-failure.ts";
import { type EventPage, eventPages } from "./event-pages.ts";
import { childSlices, type ListArgs } from "./list-args.ts";
import type { JsonObject } from "./parse-json.ts";
import { type Position, readPosition } from "./position.ts";
import { type EventsArgs, eventsSlice, subjectOf } from "./slice-args.ts";
import { halves, splitWindow } from "./split-window.ts";
import { boundsOf, middleOf } from "./window.ts";
import { withinWindow } from "./within-window.ts";

/** More rows than this are read in parts, side by side. */
const most = 1_000;
const sampled = "the server looked at a sample of its rows only";
/** A list that nobody can count is cut in two while it has more than a page, but not for ever. */
const shortest = 6 * 3_600_000;

/**
 * Reads a slice of events. One that nobody counted yet is counted when it has more than a page, and
 * is then replaced by parts with a count; so is one with too many rows.
 */
export async function* readEvents(
  client: Client,
  args: EventsArgs,
  options: ReadOptions,
): AsyncGenerator<Batch, void, undefined> {
  const { expected = 0 } = args;
  const mayBeOutside = args.expected === 0 || !(args.whole || args.counted);
  if (mayBeOutside && (await countEvents(client, args, options.signal)) === "outside") {
    yield outside;
  } else if (expected > most && middleOf(args.window) !== undefined) {
    yield await split(client, args, options.signal);
  } else {
    let { cursor } = options;
    try {
      for await (const batch of readPages(client, args, options)) {
        if ("cursor" in batch.next) cursor = batch.next.cursor;
        yield batch;
      }
    } catch (error) {
      yield await endOfFailure(error, { client, args, cursor, signal: options.signal });
    }
  }
}

async function* readPages(
  client: Client,
  args: EventsArgs,
  options: ReadOptions,
): AsyncGenerator<Batch, void, undefined> {
  const counting = !args.counted && args.server.count && args.bounds === "server";
  const ahead = counting ? { readAheadBytes: 0 } : {};
  const { signal } = options;
  const { cursor, ...begin } = readPosition(options.cursor);
  // What the page before had shown is not known any more, so it must be taken for shown again.
  const unknown = begin.offsets ? 1 : 0;
  let position: Omit<Position, "cursor"> = { ...begin, overlap: begin.overlap + unknown };
  let before: ReadonlySet<string> = new Set();
  const from = { signal, ...(cursor !== undefined && { cursor }), ...ahead };
  for await (const page of eventPages(client, args, from)) {
    const { rows, past } = withinWindow(page.events, args);
    if (page.next !== undefined && !past && cursor === undefined && isLong(args)) {
      const { start, end } = boundsOf(args.window);
      yield { ...ended({ why: "split" }), spawn: halves(args, (start + end) / 2) };
      return;
    }
    const ids = new Set(page.events.map(({ row }) => row.id));
    const overlap = [...ids].filter((id) => before.has(id)).length;
    if (isLoop(args, page, overlap === ids.size)) throw looping(subjectOf(args));
    position = {
      seen: position.seen + page.events.length,
      again: position.again + page.events.length - ids.size,
      overlap: position.overlap + overlap,
      lost: position.lost + page.lost,
      offsets: position.offsets || page.byCursor,
      partial: position.partial || page.partial,
    };
    before = ids;
    if (page.next === undefined || past) {
      const end = close(args, position);
      const sure =
        end.shifted === false
          ? end
          : await recount(client, args, { end, twice: position.again, signal });
      yield { ...wanted(args, rows), next: { end: sure } };
      return;
    }
    if (counting) {
      yield await count(client, args, { atLeast: ids.size, signal });
      return;
    }
    const next: Position = { ...position, cursor: page.next };
    yield { ...wanted(args, rows), next: { cursor: JSON.stringify(next) } };
  }
}

/** What is wanted of rows: they themselves, and what lies below them. */
function wanted(args: EventsArgs, rows: readonly Row[]): Pick<Batch, "rows" | "spawn"> {
  const { dataset, streams = [], server, window, filter, asked, project } = args;
  if (dataset === undefined || streams.every((name) => name === dataset)) return { rows };
  const above: ListArgs = {
    ...{ kind: "list", stream: dataset, streams, server, window, filter, asked, chosen: false },
    ...(project && { project }),
    parents: { projectId: project?.id ?? project?.slug ?? "" },
    projects: [],
  };
  const spawn = rows.flatMap((row) => childSlices(above, row.value() as JsonObject));
  return { rows: streams.includes(dataset) ? rows : [], spawn };
}

/** Whether a slice is better read in parts, where only its pages tell how much there is. */
function isLong({ dataset, bounds, window }: EventsArgs): boolean {
  const { start, end } = boundsOf(window);
  return dataset !== undefined && bounds === "created" && end - start > shortest;
}

/** GlitchTip's cursor cannot pass a page of rows that share one time of arrival. */
function isLoop({ bounds }: EventsArgs, { next }: EventPage, again: boolean): boolean {
  return bounds === "received" && next !== undefined && again;
}

/**
 * The count is a proof only while it can be true: the list must not hold more rows. It may or may
 * not count rows twice that the list shows twice on a page.
 */
function close(args: EventsArgs, position: Omit<Position, "cursor">): End {
  const { seen, again, overlap, lost, offsets, partial } = position;
  const { expected = -1, bounds } = args;
  const total = seen + lost;
  const proof =
    total - again === expected
      ? { expected }
      : total <= expected
        ? { expected: expected - again }
        : {};
  const steady = !offsets || bounds === "received";
  // A list that is not kept to the window moves with whatever arrives at its head: that loses none.
  const maybe = "expected" in proof || (bounds === "server" && overlap > 0);
  const moved = steady ? { shifted: false } : maybe ? { shifted: true } : {};
  // To read it again would show no more.
  if (partial) return { why: "hole", shifted: false, detail: sampled };
  if (lost === 0) return { why: "complete", ...proof, ...moved };
  const events = lost === 1 ? "1 event" : `${lost} events`;
  return { why: "hole", ...proof, ...moved, lost, detail: `the server fails to show ${events}` };
}

/**
 * Rows that came while a second of several pages was read make up for as many that slipped past the
 * reader, and so does one that is shown twice: what there is now must be reached, too, each once.
 */
async function recount(
  client: Client,
  args: EventsArgs,
  { end, twice, signal }: { readonly end: End; readonly twice: number; signal: AbortSignal },
): Promise<End> {
  const now = await countEvents(client, args, signal);
  if (typeof now !== "object") return end;
  const expected = Math.max(args.expected ?? 0, now.rows);
  return { ...end, expected, ...(twice > 0 && { twice }) };
}

/** Replaces a slice by itself with a count, or by its parts. */
async function count(
  client: Client,
  args: EventsArgs,
  { atLeast, signal }: { readonly atLeast: number; readonly signal: AbortSignal },
): Promise<Batch> {
  const counted = await countEvents(client, args, signal);
  const usable = typeof counted === "object" && counted.rows >= atLeast;
  const known = { ...args, counted: true, ...(usable && { expected: counted.rows }) };
  return (known.expected ?? 0) > most && middleOf(args.window) !== undefined
    ? split(client, known, signal)
    : { ...ended({ why: "split" }), spawn: [eventsSlice({ ...known, whole: false })] };
}

async function split(client: Client, args: EventsArgs, signal: AbortSignal): Promise<Batch> {
  const spawn = await splitWindow(args, (window) =>
    countEvents(client, { ...args, window }, signal),
  );
  return { ...ended({ why: "split" }), spawn };
}
