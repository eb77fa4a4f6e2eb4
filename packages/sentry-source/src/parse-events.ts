import { createRow, type Row } from "@decant/core";
import { isObject, type JsonObject, parseJson, textOf } from "./parse-json.ts";
import { splitJsonArray } from "./split-json-array.ts";

/** One event of a page. */
export interface ParsedEvent {
  readonly row: Row;
  /** When it happened, as the server orders it, in milliseconds since 1970. */
  readonly created?: number;
  /** When the server took it in. */
  readonly received?: number;
}

/**
 * Makes rows of a page of events. Each keeps the server's bytes; they are parsed once, to know that
 * they are whole and which event they are, and the parsed value is let go.
 *
 * Sentry names things in camel case, GlitchTip's issue events in snake case with numbers as ids.
 *
 * @throws if the page is cut off or malformed anywhere.
 */
export function parseEvents(bytes: Uint8Array, projectId?: string): ParsedEvent[] {
  return splitJsonArray(bytes).map((json) => parseEvent(json, projectId));
}

function parseEvent(json: Uint8Array, projectId: string | undefined): ParsedEvent {
  const event = parseJson(json);
  if (!isObject(event)) throw new SyntaxError("Cannot read an event: it is no JSON object");
  const id = textOf(event["eventID"] ?? event["event_id"] ?? event["id"]);
  const project = textOf(event["projectID"] ?? event["project_id"]) ?? projectId;
  if (id === undefined || project === undefined) {
    throw new SyntaxError("Cannot read an event: it has no id");
  }
  const created = parseTime(event["dateCreated"] ?? event["date_created"]);
  const received = parseTime(event["dateReceived"] ?? event["date_received"]);
  const time = created ?? received ?? startOf(event);
  return {
    row: createRow({
      id: `${project}/${id.replaceAll("-", "").toLowerCase()}`,
      ...(time !== undefined && { time: new Date(time).toISOString() }),
      json,
    }),
    ...(created !== undefined && { created }),
    ...(received !== undefined && { received }),
  };
}

/** Transactions have no date, but the second in which they began. */
function startOf(event: JsonObject): number | undefined {
  const start = event["startTimestamp"] ?? event["start_timestamp"];
  return typeof start === "number" ? validTime(start * 1_000) : parseTime(start);
}

function parseTime(value: unknown): number | undefined {
  return typeof value === "string" ? validTime(Date.parse(value)) : undefined;
}

function validTime(time: number): number | undefined {
  return Math.abs(time) <= 8.64e15 ? time : undefined;
}
