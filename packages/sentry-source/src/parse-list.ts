import { concatBytes, createIdentifier, createRow, type Identifier, type Row } from "@decant/core";
import { membersOf } from "./members-of.ts";
import { isObject, type JsonObject, parseJson } from "./parse-json.ts";
import { splitJsonArray } from "./split-json-array.ts";
import type { StreamEntry } from "./stream-entry.ts";
import { parentNames, toStream } from "./to-stream.ts";

/** A row, and what the server sent for it. */
export interface ListRow {
  readonly row: Row;
  /** Parses what the server sent. */
  value(): JsonObject;
}

/** What rows do not say themselves. */
export interface ListPlace {
  /** The ids of what they belong to. */
  readonly parents: Readonly<Record<string, string>>;
  /** How many rows of the list came before. @default {0} */
  readonly before?: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Cuts an answer into rows: a list, an object that holds one, or one object.
 *
 * @throws if the answer is cut off or malformed anywhere, or of another shape.
 */
export function splitList(bytes: Uint8Array, entry: StreamEntry): readonly Uint8Array[] {
  return entry.paging === "one" ? one(bytes) : splitJsonArray(listOf(bytes, entry));
}

/**
 * Makes rows of what the server sent. Each keeps its bytes; where they do not say what the row
 * belongs to, that is put around them: `{"issueId":"1","data":{...}}`.
 */
export function toListRows(
  pieces: readonly Uint8Array[],
  entry: StreamEntry,
  { parents, before = 0 }: ListPlace,
): ListRow[] {
  const identifier = createIdentifier(toStream(entry));
  const told = Object.fromEntries(parentNames(entry).map((name) => [name, parents[name] ?? ""]));
  return pieces.map((piece, index) => {
    const number = entry.numbered === undefined ? {} : { [entry.numbered]: before + index };
    return {
      row: toRow(wrap(piece, { ...told, ...number }), identifier),
      value() {
        const value = parseJson(piece);
        return isObject(value) ? value : {};
      },
    };
  });
}

/** A row that does not say its id is known by all of its text. */
function toRow(json: Uint8Array, identifier: Identifier): Row {
  const { id = decoder.decode(json), time } = identifier.identify(json);
  return createRow({ id, ...(time !== undefined && { time }), json });
}

function wrap(piece: Uint8Array, told: Readonly<Record<string, string | number>>): Uint8Array {
  const names = JSON.stringify(told);
  if (names === "{}") return piece;
  const head = `${names.slice(0, -1)},"data":`;
  return concatBytes([encoder.encode(head), piece, encoder.encode("}")]);
}

/** One object: a list of it, cut apart again, is checked and without line breaks. */
function one(bytes: Uint8Array): Uint8Array[] {
  const pieces = splitJsonArray(concatBytes([encoder.encode("["), bytes, encoder.encode("]")]));
  const [piece] = pieces;
  if (pieces.length !== 1 || piece?.[0] !== 0x7b) {
    throw new SyntaxError("Cannot read the answer: it is no JSON object");
  }
  return pieces;
}

function listOf(bytes: Uint8Array, { name, member }: StreamEntry): Uint8Array {
  if (member === undefined) return bytes;
  const list = membersOf(bytes).get(member);
  if (list === undefined) throw new SyntaxError(`Cannot read ${name}: there is no "${member}"`);
  return list;
}
