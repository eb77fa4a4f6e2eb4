const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** 1 for each byte that means nothing for the structure. */
const plain: Uint8Array = new Uint8Array(256).fill(1);
for (const byte of [quote, comma, openBracket, closeBracket, openBrace, closeBrace])
  plain[byte] = 0;
for (const byte of [lineFeed, carriageReturn]) plain[byte] = 0;

/** Strings shorter than this are walked; a native search costs more than it saves there. */
const walk = 24;

/**
 * Cuts the text of a JSON array into the texts of its elements, without parsing and without
 * copying: each piece is a view of `bytes`. Only an element with line breaks between its tokens is
 * copied, to leave them out, so that a piece is always one line.
 *
 * It checks the structure of the array and not what is inside an element: if every piece is valid
 * JSON, then the whole was. So parse each piece before you rely on it.
 *
 * @param bytes The array in UTF-8, without a byte order mark.
 * @returns The elements in their order, without the white space around them.
 * @throws {SyntaxError} if the text is cut off, is no array, or goes on behind it.
 *
 * @example
 * ```ts
 * import { splitJsonArray } from "@decant/sentry-source";
 *
 * const page = new TextEncoder().encode('[{"id": 9007199254740993}, [1.0]]');
 * const texts = splitJsonArray(page).map((piece) => new TextDecoder().decode(piece));
 * // ['{"id": 9007199254740993}', "[1.0]"]
 * ```
 */
export function splitJsonArray(bytes: Uint8Array): Uint8Array[] {
  const begin = skipSpace(bytes, 0);
  if (bytes[begin] !== openBracket) throw new SyntaxError("Cannot split JSON: it is no array");
  const pieces: Uint8Array[] = [];
  let start = begin + 1;
  let at = start;
  while (true) {
    const element = endOfElement(bytes, at);
    const piece = trim(bytes, start, element.end);
    const last = bytes[element.end] === closeBracket;
    if (piece.length === 0) {
      if (!last || pieces.length > 0)
        throw new SyntaxError("Cannot split JSON: an element is empty");
    } else {
      pieces.push(element.broken ? joinLines(piece) : piece);
    }
    start = element.end + 1;
    at = start;
    if (last) break;
  }
  if (skipSpace(bytes, start) !== bytes.length) {
    throw new SyntaxError("Cannot split JSON: there is text behind the array");
  }
  return pieces;
}

/** Finds the comma or bracket behind the element that begins at `at`, and whether lines break in it. */
function endOfElement(bytes: Uint8Array, at: number): { end: number; broken: boolean } {
  const { length } = bytes;
  let depth = 0;
  let broken = false;
  for (let index = at; index < length; index++) {
    const byte = bytes[index]!;
    if (plain[byte] === 1) continue;
    if (byte === quote) {
      index = endOfString(bytes, index);
    } else if (byte === comma) {
      if (depth === 0) return { end: index, broken };
    } else if (byte === openBrace || byte === openBracket) {
      depth++;
    } else if (byte === closeBrace || byte === closeBracket) {
      if (depth === 0) {
        if (byte === closeBracket) return { end: index, broken };
        throw new SyntaxError("Cannot split JSON: a brace closes what was never opened");
      }
      depth--;
    } else {
      broken = true;
    }
  }
  throw new SyntaxError("Cannot split JSON: it is cut off");
}

/** Finds the quote that closes the string opened at `open`. */
function endOfString(bytes: Uint8Array, open: number): number {
  const near = Math.min(open + walk, bytes.length);
  let index = open + 1;
  for (; index < near; index++) {
    const byte = bytes[index];
    if (byte === quote) return index;
    if (byte === backslash) index++;
  }
  let close = bytes.indexOf(quote, index);
  while (close !== -1 && isEscaped(bytes, index, close)) close = bytes.indexOf(quote, close + 1);
  if (close === -1) throw new SyntaxError("Cannot split JSON: it is cut off in a string");
  return close;
}

/** Whether the quote at `close` belongs to an escape: an odd number of backslashes is before it. */
function isEscaped(bytes: Uint8Array, from: number, close: number): boolean {
  let before = close;
  while (before > from && bytes[before - 1] === backslash) before--;
  return (close - before) % 2 === 1;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === lineFeed || byte === carriageReturn || byte === 0x09;
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let index = from;
  while (isSpace(bytes[index])) index++;
  return index;
}

function trim(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const start = Math.min(skipSpace(bytes, from), to);
  let end = to;
  while (end > start && isSpace(bytes[end - 1])) end--;
  return bytes.subarray(start, end);
}

/** Leaves out line breaks between tokens. What they break in two must not be joined to one token. */
function joinLines(piece: Uint8Array): Uint8Array {
  const joined = new Uint8Array(piece.length);
  let length = 0;
  let start = 0;
  for (let index = 0; index <= piece.length; index++) {
    const byte = piece[index];
    if (byte === quote) index = endOfString(piece, index);
    if (byte !== undefined && !isBreak(byte)) continue;
    if (start < index && isWord(piece[start]) && isWord(joined[length - 1])) {
      throw new SyntaxError("Cannot split JSON: a line breaks in a value");
    }
    joined.set(piece.subarray(start, index), length);
    length += index - start;
    start = index + 1;
  }
  return joined.subarray(0, length);
}

function isBreak(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn;
}

/** Whether a byte may be part of a number or of a literal such as `true`. */
function isWord(byte: number | undefined): boolean {
  return byte !== undefined && /[\w+.-]/.test(String.fromCharCode(byte));
}
