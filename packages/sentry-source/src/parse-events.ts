import { createRow, type JsonMember, joinId, type Row, skipJsonSpace } from "@decant/core";
import { parseJson, textOf } from "./parse-json.ts";
import type { Server } from "./server.ts";
import { walkJsonArray } from "./split-json-array.ts";

/** One event of a page. */
export interface ParsedEvent {
  readonly row: Row;
  /** When it happened, as the server orders it, in milliseconds since 1970. */
  readonly created?: number;
  /** When the server took it in. */
  readonly received?: number;
}

/** What rows do not say themselves. */
export interface EventsOrigin {
  readonly kind: Server["kind"];
  /** The id of the project, for rows without one. */
  readonly project?: string | undefined;
}

/**
 * Makes rows of a page of events. Each keeps the server's bytes. All of them are checked, and only
 * what tells which event it is and when it happened is read: a page leaves no objects behind.
 *
 * Sentry names things in camel case, GlitchTip's issue events in snake case with numbers as ids.
 *
 * @throws if the page is cut off or malformed anywhere.
 */
export function parseEvents(bytes: Uint8Array, origin: EventsOrigin): ParsedEvent[] {
  const events: ParsedEvent[] = [];
  let fields: Fields = {};
  walkJsonArray(bytes, {
    onMember: (member) => noteField(fields, bytes, member),
    onElement(json) {
      events.push(toEvent(json, fields, origin));
      fields = {};
    },
  });
  return events;
}

/** The members of an event that are read, by either of their names. */
const names = {
  eventID: "id",
  event_id: "id",
  projectID: "project",
  project_id: "project",
  dateCreated: "created",
  date_created: "created",
  dateReceived: "received",
  date_received: "received",
  startTimestamp: "start",
  start_timestamp: "start",
  endTimestamp: "end",
  end_timestamp: "end",
  id: "otherId",
  title: "title",
  entries: "entries",
} as const;

type Fields = { [Name in (typeof names)[keyof typeof names]]?: unknown };

const encoder = new TextEncoder();
/** By the length of the name with its quotes, so that most members are passed over at once. */
const fieldsByLength = Map.groupBy(
  Object.entries(names).map(([name, field]) => ({ key: encoder.encode(`"${name}"`), field })),
  ({ key }) => key.byteLength,
);

function noteField(fields: Fields, bytes: Uint8Array, member: JsonMember): void {
  const { keyStart, keyEnd, start, end } = member;
  const found = fieldsByLength
    .get(keyEnd - keyStart)
    ?.find(({ key }) => key.every((byte, index) => byte === bytes[keyStart + index]));
  if (!found) return;
  if (isContainer(bytes[start])) {
    // Of what is in it, only whether anything is counts, and only there.
    if (found.field === "entries") fields.entries = skipJsonSpace(bytes, start + 1) < end - 1;
    return;
  }
  const value = parseJson(bytes.subarray(start, end));
  // As with `??`: a null leaves the word to the member's other name.
  if (value !== null) fields[found.field] = value;
}

function isContainer(byte: number | undefined): boolean {
  return byte === 0x7b || byte === 0x5b;
}

function toEvent(json: Uint8Array, fields: Fields, origin: EventsOrigin): ParsedEvent {
  const id = textOf(fields.id ?? fields.otherId);
  const project = textOf(fields.project) ?? origin.project;
  if (id === undefined || project === undefined) {
    throw new SyntaxError("Cannot read an event: it has no id");
  }
  const date = parseTime(fields.created);
  const received = parseTime(fields.received);
  const time = date ?? received ?? secondsOf(fields.start);
  const created = date ?? secondsOf(fields.end);
  return {
    row: createRow({
      id: joinId([project, id]),
      ...(time !== undefined && { time: new Date(time).toISOString() }),
      ...(origin.kind === "glitchtip" &&
        received !== undefined && { arrived: new Date(received).toISOString() }),
      ...(origin.kind === "sentry" && isHollow(fields) && { hollow: true }),
      json,
    }),
    ...(created !== undefined && { created }),
    ...(received !== undefined && { received }),
  };
}

/**
 * Sentry keeps the index of events and their bodies apart. Of an event whose body expired first, the
 * index still tells which it is and when it was, and the rest looks like an event that says nothing
 * (https://github.com/getsentry/self-hosted/issues/1985).
 */
function isHollow({ title, entries, received }: Fields): boolean {
  return title === "<unlabeled event>" && entries !== true && received === undefined;
}

/** Transactions have no date, but the seconds in which they began and ended. */
function secondsOf(time: unknown): number | undefined {
  return typeof time === "number" ? validTime(time * 1_000) : parseTime(time);
}

function parseTime(value: unknown): number | undefined {
  return typeof value === "string" ? validTime(Date.parse(value)) : undefined;
}

function validTime(time: number): number | undefined {
  return Math.abs(time) <= 8.64e15 ? time : undefined;
}
