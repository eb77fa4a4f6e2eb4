import { endOfValue, skipJsonSpace } from "@decant/core";
import { parseJson } from "./parse-json.ts";

// A byte order mark is no white space in JSON, so it is kept for the scanner to refuse.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Finds the members of a JSON object by name, without building their values: each is a view of its
 * text. All of the text is checked.
 *
 * @throws if it is cut off or malformed anywhere, or goes on behind the value.
 */
export function membersOf(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  decoder.decode(bytes);
  const members = new Map<string, Uint8Array>();
  const end = endOfValue(bytes, skipJsonSpace(bytes, 0), (member) => {
    const name = parseJson(bytes.subarray(member.keyStart, member.keyEnd));
    members.set(String(name), bytes.subarray(member.start, member.end));
  });
  if (skipJsonSpace(bytes, end) !== bytes.length) {
    throw new SyntaxError("Cannot read the answer: there is text behind it");
  }
  return members;
}
