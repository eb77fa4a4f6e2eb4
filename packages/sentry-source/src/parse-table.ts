import { createIdentifier, createRow, type IdFields } from "@decant/core";
import { membersOf } from "./members-of.ts";
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
  const members = membersOf(bytes);
  const data = members.get("data");
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
  const meta = members.get("meta");
  return { events, partial: meta !== undefined && isPartial(parseJson(meta)) };
}

/** Whether what an answer says of itself is that it was made from a sample. */
export function isPartial(meta: unknown): boolean {
  return isObject(meta) && meta["dataScanned"] === "partial";
}
