import { endOfValue, type JsonMember, skipJsonSpace } from "./end-of-value.ts";
import { joinId } from "./join-id.ts";
import type { Column, Stream } from "./stream.ts";

type Paths = Column["paths"];

/** The members of a row that say what it is, by name: their JSON text. */
export type IdFields = Map<string, Uint8Array>;

/** What a row says about itself. */
export interface Identity {
  /** Absent: it lacks a part of its id, or its stream has none. */
  readonly id?: string;
  /** In ISO 8601. Absent: it says none that can be read. */
  readonly time?: string;
}

/** Finds out which row it is, and when it happened. */
export interface Identifier {
  /** Reads a row. */
  identify(json: Uint8Array): Identity;
  /** For those who walk through a row anyway: keeps one of its members, if it is needed. */
  note(fields: IdFields, bytes: Uint8Array, member: JsonMember): void;
  /** The id that the noted members make; nothing where a part is missing. */
  idOf(fields: IdFields): string | undefined;
  /** The time that the noted members say; nothing where none can be read. */
  timeOf(fields: IdFields): string | undefined;
}

const backslash = 0x5c;
const comma = 0x2c;
const openBracket = 0x5b;
const openBrace = 0x7b;
const quote = 0x22;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/**
 * Makes an identifier of a stream's rows. It reads what tells the id and the time of a row, and builds
 * nothing else of it; numbers are taken digit by digit, as they may have more than a double holds.
 *
 * @param stream Where the parts of an id and the time lie, as in {@linkcode Stream}.
 * @returns The identifier.
 *
 * @example
 * ```ts
 * import { createIdentifier } from "@decant/core";
 *
 * const identifier = createIdentifier({
 *   id: [[["projectID"], ["project_id"]], [["eventID"]]],
 *   time: [["dateCreated"], ["dateReceived"]],
 * });
 * const json = new TextEncoder().encode('{"project_id":7,"eventID":"ab12"}');
 * identifier.identify(json); // { id: "7/ab12" }
 * ```
 */
export function createIdentifier({
  id: parts,
  time: times = [],
}: Pick<Stream, "id" | "time">): Identifier {
  const names = new Set([...(parts ?? []), times].flat().map(([key = ""]) => key));
  const lengths = new Set([...names].map((name) => encoder.encode(name).byteLength));

  function note(
    fields: IdFields,
    bytes: Uint8Array,
    { keyStart, keyEnd, start, end }: JsonMember,
  ): void {
    const key = bytes.subarray(keyStart + 1, keyEnd - 1);
    const escaped = key.includes(backslash);
    if (!escaped && !lengths.has(key.byteLength)) return;
    const text = decoder.decode(key);
    const name = escaped ? (JSON.parse(`"${text}"`) as string) : text;
    // Of members of the same name the last counts, as for JSON.parse.
    if (names.has(name)) fields.set(name, bytes.subarray(start, end));
  }

  function idOf(fields: IdFields): string | undefined {
    const found: string[] = [];
    for (const paths of parts ?? []) {
      const part = firstOf(fields, paths, textOf);
      if (part === undefined) return undefined;
      found.push(part);
    }
    return found.length > 0 ? joinId(found) : undefined;
  }

  const timeOf = (fields: IdFields) => firstOf(fields, times, readTime);

  return {
    note,
    idOf,
    timeOf,
    identify(json) {
      const fields: IdFields = new Map();
      endOfValue(json, skipJsonSpace(json, 0), (member) => note(fields, json, member));
      const id = idOf(fields);
      const time = timeOf(fields);
      return { ...(id !== undefined && { id }), ...(time !== undefined && { time }) };
    },
  };
}

function firstOf(
  fields: IdFields,
  paths: Paths,
  read: (json: Uint8Array) => string | undefined,
): string | undefined {
  for (const [first = "", ...rest] of paths) {
    const json = rest.reduce(takeStep, fields.get(first));
    const found = json && read(json);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** As `pickPath` goes, on text instead of values. */
function takeStep(json: Uint8Array | undefined, key: string): Uint8Array | undefined {
  if (json?.[0] === openBrace) return membersOf(json).get(key);
  return json?.[0] === openBracket ? pairValue(json, key) : undefined;
}

function membersOf(json: Uint8Array): IdFields {
  const members: IdFields = new Map();
  endOfValue(json, 0, ({ keyStart, keyEnd, start, end }) => {
    const name = JSON.parse(decoder.decode(json.subarray(keyStart, keyEnd))) as string;
    members.set(name, json.subarray(start, end));
  });
  return members;
}

function pairValue(list: Uint8Array, key: string): Uint8Array | undefined {
  for (const pair of elementsOf(list)) {
    const members = pair[0] === openBrace ? membersOf(pair) : undefined;
    const [name, value] = members
      ? [members.get("key"), members.get("value")]
      : pair[0] === openBracket
        ? elementsOf(pair)
        : [];
    if (name?.[0] === quote && textOf(name) === key) return value;
  }
  return undefined;
}

function elementsOf(list: Uint8Array): Uint8Array[] {
  const elements: Uint8Array[] = [];
  let at = skipJsonSpace(list, 1);
  while (at < list.byteLength - 1) {
    const end = endOfValue(list, at);
    elements.push(list.subarray(at, end));
    at = skipJsonSpace(list, end);
    if (list[at] === comma) at = skipJsonSpace(list, at + 1);
  }
  return elements;
}

function textOf(json: Uint8Array): string | undefined {
  if (json[0] === openBrace || json[0] === openBracket) return undefined;
  const raw = decoder.decode(json);
  const text = raw.startsWith('"') ? (JSON.parse(raw) as string) : raw;
  return text === "" || raw === "null" ? undefined : text;
}

/** Text with a date, or seconds since 1970. */
function readTime(json: Uint8Array): string | undefined {
  const raw = decoder.decode(json);
  if (!/^["\d-]/.test(raw)) return undefined;
  const value = JSON.parse(raw) as string | number;
  const ms = typeof value === "number" ? value * 1_000 : Date.parse(value);
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : undefined;
}
