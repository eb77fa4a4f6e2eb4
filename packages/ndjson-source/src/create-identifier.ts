import { endOfValue, type JsonMember } from "@decant/core";

type Path = readonly string[];

/** The members of a row that were asked for, by name: their JSON text. */
export type Fields = Map<string, string>;

/** Finds out which row it is, and when it happened. */
export interface Identifier {
  /** Takes note of a member of a row, if it is needed. */
  note(fields: Fields, bytes: Uint8Array, member: JsonMember): void;
  /** @returns The id; nothing where the row has none. */
  idOf(fields: Fields): string | undefined;
  /** @returns The time in ISO 8601; nothing where the row says none that can be read. */
  timeOf(fields: Fields): string | undefined;
  /** The paths that an id must have, where they were chosen. */
  readonly required?: readonly Path[];
}

// As @decant/sentry-source reads them, so that both give an event the same key.
const projectPaths = [["projectID"], ["project_id"]];
const eventPaths = [["eventID"], ["event_id"]];
const timePaths = [
  ["dateCreated"],
  ["date_created"],
  ["dateReceived"],
  ["date_received"],
  ["startTimestamp"],
  ["start_timestamp"],
];

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/**
 * Makes an identifier.
 *
 * @param options Paths of the parts of an id, and of the time. Absent: those of Sentry's events.
 */
export function createIdentifier({
  id,
  time,
}: {
  readonly id?: readonly Path[];
  readonly time?: Path;
}): Identifier {
  const times = time ? [time] : timePaths;
  const names = new Set(
    [...(id ?? [...projectPaths, ...eventPaths]), ...times].map(([key]) => key),
  );
  return {
    note(fields, bytes, { keyStart, keyEnd, start, end }) {
      const name = JSON.parse(decoder.decode(bytes.subarray(keyStart, keyEnd))) as string;
      if (names.has(name)) fields.set(name, decoder.decode(bytes.subarray(start, end)));
    },
    idOf: (fields) => (id ? joinParts(fields, id) : eventId(fields)),
    timeOf(fields) {
      for (const path of times) {
        const found = parseTime(valueAt(fields, path));
        if (found !== undefined) return found;
      }
      return undefined;
    },
    ...(id && { required: id }),
  };
}

function eventId(fields: Fields): string | undefined {
  const project = firstText(fields, projectPaths);
  const event = firstText(fields, eventPaths);
  if (project === undefined || event === undefined) return undefined;
  return `${project}/${event.replaceAll("-", "").toLowerCase()}`;
}

function joinParts(fields: Fields, paths: readonly Path[]): string | undefined {
  const parts = paths.map((path) => textOf(valueAt(fields, path)));
  if (parts.includes(undefined)) return undefined;
  if (parts.length === 1) return parts[0];
  // Or else "a/b" and "c" would be the same id as "a" and "b/c".
  return parts.map((part) => part?.replace(/[%/]/g, encodeURIComponent)).join("/");
}

function firstText(fields: Fields, paths: readonly Path[]): string | undefined {
  for (const path of paths) {
    const text = textOf(valueAt(fields, path));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Follows a path through objects to the JSON text of a value. */
function valueAt(fields: Fields, [first = "", ...rest]: Path): string | undefined {
  return rest.reduce<string | undefined>(
    (text, key) => (text?.startsWith("{") ? memberOf(text, key) : undefined),
    fields.get(first),
  );
}

function memberOf(text: string, key: string): string | undefined {
  const bytes = encoder.encode(text);
  let found: string | undefined;
  endOfValue(bytes, 0, ({ keyStart, keyEnd, start, end }) => {
    if (JSON.parse(decoder.decode(bytes.subarray(keyStart, keyEnd))) !== key) return;
    // Of members of the same name the last counts, as for JSON.parse.
    found = decoder.decode(bytes.subarray(start, end));
  });
  return found;
}

/** Text and numbers as they stand there: a number may have more digits than a double holds. */
function textOf(json: string | undefined): string | undefined {
  if (json === undefined || json === "null" || /^[[{]/.test(json)) return undefined;
  const text = json.startsWith('"') ? (JSON.parse(json) as string) : json;
  return text === "" ? undefined : text;
}

function parseTime(json: string | undefined): string | undefined {
  if (json === undefined || !/^["\d-]/.test(json)) return undefined;
  const value = JSON.parse(json) as string | number;
  const ms = typeof value === "number" ? value * 1_000 : Date.parse(value);
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : undefined;
}
