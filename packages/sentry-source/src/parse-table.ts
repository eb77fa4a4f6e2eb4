import {
  createIdentifier,
  createRow,
  endOfValue,
  type IdFields,
  skipJsonSpace,
} from "@decant/core";
import type { ParsedEvent } from "./parse-events.ts";
import { isObject, parseJson } from "./parse-json.ts";
import { walkJsonArray } from "./split-json-array.ts";
import type { StreamEntry } from "./stream-entry.ts";

/** A page of rows that have a time. */
export interface ParsedPage {
  readonly events: readonly ParsedEvent[];
  /** Whether the server says that it looked at a sample of its rows only. */
  readonly partial: boolean;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Makes rows of an answer of the form `{"data":[...],"meta":{...}}`. Each keeps the server's bytes,
 * and all of the text is checked.
 *
 * @throws if it is cut off or malformed anywhere, or a row does not say its id.
 */
export function parseTable(
  bytes: Uint8Array,
  entry: Pick<StreamEntry, "name" | "id" | "time">,
): ParsedPage {
  const { data, meta } = membersOf(bytes);
  if (data === undefined) throw new SyntaxError(`Cannot read ${entry.name}: there is no "data"`);
  const identifier = createIdentifier(entry);
  const events: ParsedEvent[] = [];
  let fields: IdFields = new Map();
  walkJsonArray(data, {
    onMember: (member) => identifier.note(fields, data, member),
    onElement(json) {
      const id = identifier.idOf(fields);
      if (id === undefined) throw new SyntaxError(`Cannot read ${entry.name}: a row has no id`);
      const time = identifier.timeOf(fields);
      const row = createRow({ id, ...(time !== undefined && { time }), json });
      events.push({ row, ...(time !== undefined && { created: Date.parse(time) }) });
      fields = new Map();
    },
  });
  return { events, partial: isPartial(meta) };
}

/** Whether what an answer says of itself is that it was made from a sample. */
export function isPartial(meta: unknown): boolean {
  return isObject(meta) && meta["dataScanned"] === "partial";
}

function membersOf(bytes: Uint8Array): { data?: Uint8Array; meta?: unknown } {
  decoder.decode(bytes);
  const found: { data?: Uint8Array; meta?: unknown } = {};
  const end = endOfValue(bytes, skipJsonSpace(bytes, 0), ({ keyStart, keyEnd, start, end }) => {
    const key = parseJson(bytes.subarray(keyStart, keyEnd));
    if (key === "data") found.data = bytes.subarray(start, end);
    if (key === "meta") found.meta = parseJson(bytes.subarray(start, end));
  });
  if (skipJsonSpace(bytes, end) !== bytes.length) {
    throw new SyntaxError("Cannot read the answer: there is text behind it");
  }
  return found;
}
