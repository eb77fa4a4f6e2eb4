import { endOfValue, type JsonMember, skipJsonSpace } from "@decant/core";

/**
 * What may come next in a file:
 *
 * - `start`: anything, as nothing has come yet
 * - `lines`: a row of NDJSON
 * - `first`: a row of an array, or its end
 * - `row`: a row of an array, since there was a comma
 * - `close`: the end of an array, since there was no comma
 * - `end`: nothing
 */
export type Frame = "start" | "lines" | "first" | "row" | "close" | "end";

/** How {@linkcode parseLine} reads. */
export interface ParseLineOptions {
  readonly frame: Frame;
  /** Whether the file is named as one JSON value. */
  readonly jsonNamed: boolean;
  /** Called for each member of a row that is an object. */
  onMember(member: JsonMember): void;
}

/** What a line is: what may follow it, and the row in it. */
export interface ParsedLine {
  readonly frame: Frame;
  /** The bytes of the value, without what stands around it. */
  readonly row?: Uint8Array;
}

const comma = 0x2c;
const openBracket = 0x5b;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Whether a file is named as one JSON value, so that an array is no row but holds them. */
export function isJsonNamed(file: string): boolean {
  return /\.json(\.gz)?$/i.test(file);
}

/**
 * Checks a line to its last byte.
 *
 * @throws {SyntaxError} with the state alone as its message, such as `it is cut off`.
 */
export function parseLine(bytes: Uint8Array, options: ParseLineOptions): ParsedLine {
  const { frame, jsonNamed } = options;
  const start = skipJsonSpace(bytes, 0);
  if (start === bytes.byteLength) return { frame };
  const short = shortText(bytes);
  if (frame === "start") {
    if (short === "[") return { frame: "first" };
    if (jsonNamed && short === "[]") return { frame: "end" };
    if (jsonNamed && bytes[start] === openBracket) {
      throw new SyntaxError("it is an array that has not one row a line");
    }
  }
  if ((frame === "first" || frame === "close") && short === "]") return { frame: "end" };
  if (frame === "end") throw new SyntaxError("there is text behind the array");
  if (frame === "close") throw new SyntaxError("the row before has no comma behind it");
  const { row, hasComma } = cutRow(bytes, start, options);
  if (frame === "start" || frame === "lines") {
    if (hasComma) throw new SyntaxError("there is a comma behind the row");
    return { frame: "lines", row };
  }
  return { frame: hasComma ? "row" : "close", row };
}

function cutRow(
  bytes: Uint8Array,
  start: number,
  { onMember }: ParseLineOptions,
): { row: Uint8Array; hasComma: boolean } {
  requireUtf8(bytes);
  const end = endOf(bytes, start, onMember);
  const behind = skipJsonSpace(bytes, end);
  const hasComma = bytes[behind] === comma;
  if (skipJsonSpace(bytes, hasComma ? behind + 1 : behind) !== bytes.byteLength) {
    throw new SyntaxError("it holds more than one value");
  }
  return { row: bytes.subarray(start, end), hasComma };
}

function requireUtf8(bytes: Uint8Array): void {
  try {
    decoder.decode(bytes);
  } catch {
    throw new SyntaxError("it is not UTF-8");
  }
}

function endOf(bytes: Uint8Array, start: number, onMember: ParseLineOptions["onMember"]): number {
  try {
    return endOfValue(bytes, start, onMember);
  } catch (error) {
    // Of its message only the state fits here.
    throw new SyntaxError((error as Error).message.replace(/^.*?: /, ""));
  }
}

/** The text of a line that can only be a frame. */
function shortText(bytes: Uint8Array): string {
  return bytes.byteLength > 8 ? "" : String.fromCharCode(...bytes).trim();
}
