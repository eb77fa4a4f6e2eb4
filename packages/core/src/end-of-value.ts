const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const letterU = 0x75;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Where a member of a JSON object stands in its text, in bytes. */
export interface JsonMember {
  /** Where its name begins: the quote. */
  readonly keyStart: number;
  /** Behind the closing quote of its name. */
  readonly keyEnd: number;
  /** Where its value begins. */
  readonly start: number;
  /** Behind its value. */
  readonly end: number;
}

interface Scan {
  readonly bytes: Uint8Array;
  at: number;
  /** What closes each container that is open. In ASCII it stands two behind what opens it. */
  closers: Uint8Array;
  depth: number;
  /** The member of the outermost object that is being read. */
  member?: Omit<JsonMember, "end">;
}

/** What a byte does in a string: 0 passes, 1 ends it, 2 begins an escape, 3 may not stand there. */
const stringBytes: Uint8Array = new Uint8Array(256).fill(3, 0, 0x20);
stringBytes[quote] = 1;
stringBytes[backslash] = 2;

const scalarBytes = tableOf("0123456789+-.eEtrufalsn");
const escapeBytes = tableOf('"\\/bfnrt');
const hexBytes = tableOf("0123456789abcdefABCDEF");
const scalar = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;

/**
 * Finds where a JSON value (RFC 8259) ends and checks it to the last byte, without making anything
 * of it: rows keep their bytes, so to build their values would only leave garbage behind. Bytes
 * above 0x7f pass in strings; whether they are UTF-8 is for the caller to check.
 *
 * @param bytes The text.
 * @param start Where the value begins.
 * @param onMember Called for each member of the value, if it is an object, as the member ends.
 * @returns Where the value ends.
 * @throws {SyntaxError} if it is malformed or cut off.
 *
 * @example
 * ```ts
 * import { endOfValue } from "@decant/core";
 *
 * const bytes = new TextEncoder().encode('{"id": 9007199254740993} and more');
 * const texts: string[] = [];
 * endOfValue(bytes, 0, ({ start, end }) => {
 *   texts.push(new TextDecoder().decode(bytes.subarray(start, end)));
 * }); // 24
 * texts; // ["9007199254740993"]
 * ```
 */
export function endOfValue(
  bytes: Uint8Array,
  start: number,
  onMember?: (member: JsonMember) => void,
): number {
  const scan: Scan = { bytes, at: start, closers: new Uint8Array(64), depth: 0 };
  do {
    descend(scan);
    ascend(scan, onMember);
  } while (scan.depth > 0);
  return scan.at;
}

/**
 * Finds the next byte that is no white space of JSON.
 *
 * @param bytes The text.
 * @param from Where to begin.
 * @returns Where that byte stands, or the length of the text.
 *
 * @example
 * ```ts
 * import { skipJsonSpace } from "@decant/core";
 *
 * skipJsonSpace(new TextEncoder().encode(" \n{}"), 0); // 2
 * ```
 */
export function skipJsonSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  let byte = bytes[at];
  while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at];
  return at;
}

/** Goes down to the first value that holds no other, and behind it. */
function descend(scan: Scan): void {
  const { bytes } = scan;
  let byte = bytes[scan.at];
  while (byte === openBrace || byte === openBracket) {
    const closer = byte + 2;
    open(scan, closer);
    scan.at = skipJsonSpace(bytes, scan.at + 1);
    if (bytes[scan.at] === closer) return; // Empty: ascend() closes it.
    if (byte === openBrace) readKey(scan);
    byte = bytes[scan.at];
  }
  scan.at = byte === quote ? endOfString(bytes, scan.at) : endOfScalar(bytes, scan.at);
}

/** Goes up through all that ends here, and over a comma to the value behind it. */
function ascend(scan: Scan, onMember: ((member: JsonMember) => void) | undefined): void {
  const { bytes } = scan;
  while (scan.depth > 0) {
    if (scan.depth === 1 && scan.member) {
      onMember?.({ ...scan.member, end: scan.at });
      delete scan.member;
    }
    scan.at = skipJsonSpace(bytes, scan.at);
    const closer = scan.closers[scan.depth - 1];
    if (bytes[scan.at] === closer) {
      scan.depth--;
      scan.at++;
      continue;
    }
    if (bytes[scan.at] !== comma) throw malformed(scan);
    scan.at = skipJsonSpace(bytes, scan.at + 1);
    if (closer === closeBrace) readKey(scan);
    return;
  }
}

function open(scan: Scan, closer: number): void {
  if (scan.depth === scan.closers.length) {
    const larger = new Uint8Array(scan.depth * 2);
    larger.set(scan.closers);
    scan.closers = larger;
  }
  scan.closers[scan.depth++] = closer;
}

function readKey(scan: Scan): void {
  const { bytes, at: keyStart } = scan;
  if (bytes[keyStart] !== quote) throw malformed(scan);
  const keyEnd = endOfString(bytes, keyStart);
  scan.at = skipJsonSpace(bytes, keyEnd);
  if (bytes[scan.at] !== colon) throw malformed(scan);
  scan.at = skipJsonSpace(bytes, scan.at + 1);
  if (scan.depth === 1) scan.member = { keyStart, keyEnd, start: scan.at };
}

function endOfString(bytes: Uint8Array, open: number): number {
  let at = open + 1;
  for (;;) {
    const byte = bytes[at];
    const kind = byte === undefined ? 3 : stringBytes[byte];
    if (kind === 1) return at + 1;
    if (kind === 3) throw malformed({ bytes, at });
    at = kind === 2 ? endOfEscape(bytes, at) : at + 1;
  }
}

function endOfEscape(bytes: Uint8Array, backslashAt: number): number {
  const letter = bytes[backslashAt + 1] ?? 0;
  if (escapeBytes[letter] === 1) return backslashAt + 2;
  for (let at = backslashAt + 2; at < backslashAt + 6; at++) {
    if (letter !== letterU || hexBytes[bytes[at] ?? 0] !== 1) throw malformed({ bytes, at });
  }
  return backslashAt + 6;
}

function endOfScalar(bytes: Uint8Array, start: number): number {
  let at = start;
  while (scalarBytes[bytes[at] ?? 0] === 1) at++;
  if (!scalar.test(String.fromCharCode(...bytes.subarray(start, at)))) {
    throw malformed({ bytes, at: start });
  }
  return at;
}

function malformed({ bytes, at }: Pick<Scan, "bytes" | "at">): SyntaxError {
  const state = at >= bytes.length ? "it is cut off" : `it is malformed at byte ${at}`;
  return new SyntaxError(`Cannot read JSON: ${state}`);
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}
