const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const plus = 0x2b;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const capitalE = 0x45;
const openBracket = 0x5b;
const backslash = 0x5c;
const letterE = 0x65;
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
  member: Omit<JsonMember, "end"> | undefined;
}

/** What a byte does in a string: 0 passes, 1 ends it, 2 begins an escape, 3 is refused. */
const stringBytes: Uint8Array = new Uint8Array(256).fill(3, 0, 0x20);
stringBytes[quote] = 1;
stringBytes[backslash] = 2;

const escapeBytes = tableOf('"\\/bfnrt');
const hexBytes = tableOf("0123456789abcdefABCDEF");
const literals: readonly Uint8Array[] = ["true", "false", "null"].map((word) =>
  new TextEncoder().encode(word),
);

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
  const scan: Scan = { bytes, at: start, closers: new Uint8Array(64), depth: 0, member: undefined };
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
      scan.member = undefined;
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
    let kind = stringBytes[bytes[at]!];
    while (kind === 0) kind = stringBytes[bytes[++at]!];
    if (kind === 1) return at + 1;
    // Also behind the end of the text, where there is neither byte nor kind.
    if (kind !== 2) throw malformed({ bytes, at });
    at = endOfEscape(bytes, at);
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
  const first = bytes[start];
  if (first === minus || isDigit(first)) return endOfNumber(bytes, start);
  for (const literal of literals) {
    if (literal[0] === first && startsWith(bytes, literal, start)) return start + literal.length;
  }
  throw malformed({ bytes, at: start });
}

function startsWith(bytes: Uint8Array, literal: Uint8Array, start: number): boolean {
  for (let index = 1; index < literal.length; index++) {
    if (bytes[start + index] !== literal[index]) return false;
  }
  return true;
}

function endOfNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === minus ? start + 1 : start;
  at = bytes[at] === zero ? at + 1 : endOfDigits(bytes, at);
  if (bytes[at] === point) at = endOfDigits(bytes, at + 1);
  if (bytes[at] === letterE || bytes[at] === capitalE) {
    const sign = bytes[at + 1];
    at = endOfDigits(bytes, sign === minus || sign === plus ? at + 2 : at + 1);
  }
  return at;
}

/** One digit at least. */
function endOfDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at++;
  if (at === start) throw malformed({ bytes, at });
  return at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= zero + 9;
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
