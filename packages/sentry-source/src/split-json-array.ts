import { endOfValue, type JsonMember, skipJsonSpace } from "@decant/core";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;

// A byte order mark is no white space in JSON, so it is kept for the scanner to refuse.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Cuts the text of a JSON array (RFC 8259) into the texts of its elements, without building their
 * values and without copying: each piece is a view of `bytes`. Only an element with line breaks
 * between its tokens is copied, to leave them out, so that a piece is always one line. All of it is
 * checked: what comes back is valid JSON in valid UTF-8.
 *
 * @param bytes The array in UTF-8, without a byte order mark.
 * @returns The elements in their order, without the white space around them.
 * @throws {SyntaxError} if the text is cut off or malformed, is no array, or goes on behind it.
 * @throws {TypeError} if it is not UTF-8.
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
  const pieces: Uint8Array[] = [];
  walkJsonArray(bytes, { onElement: (piece) => void pieces.push(piece) });
  return pieces;
}

/** What {@linkcode walkJsonArray} tells. */
export interface ArrayVisitor {
  /** Called for each element, as {@linkcode splitJsonArray} cuts it. */
  onElement(piece: Uint8Array): void;
  /** Called before, for each member of an element that is an object. */
  onMember?(member: JsonMember): void;
}

/** Walks through the text of a JSON array. It checks and throws as {@linkcode splitJsonArray}. */
export function walkJsonArray(bytes: Uint8Array, visitor: ArrayVisitor): void {
  decoder.decode(bytes);
  const start = skipJsonSpace(bytes, 0);
  if (bytes[start] !== openBracket) throw new SyntaxError("Cannot split JSON: it is no array");
  const first = skipJsonSpace(bytes, start + 1);
  const end = bytes[first] === closeBracket ? first : walkElements(bytes, first, visitor);
  if (skipJsonSpace(bytes, end + 1) !== bytes.length) {
    throw new SyntaxError("Cannot split JSON: there is text behind the array");
  }
}

/** Walks from the first element to the bracket behind the last one, and returns where that is. */
function walkElements(bytes: Uint8Array, first: number, visitor: ArrayVisitor): number {
  let start = first;
  for (;;) {
    const end = endOfValue(bytes, start, visitor.onMember);
    visitor.onElement(joinLines(bytes.subarray(start, end)));
    const behind = skipJsonSpace(bytes, end);
    if (bytes[behind] === closeBracket) return behind;
    if (bytes[behind] !== comma) {
      const state = behind >= bytes.length ? "it is cut off" : "an element has no end";
      throw new SyntaxError(`Cannot split JSON: ${state}`);
    }
    start = skipJsonSpace(bytes, behind + 1);
  }
}

/** Leaves out line breaks. In valid JSON they stand between tokens alone, and never part two words. */
function joinLines(piece: Uint8Array): Uint8Array {
  if (!piece.includes(lineFeed) && !piece.includes(carriageReturn)) return piece;
  return piece.filter((byte) => byte !== lineFeed && byte !== carriageReturn);
}
