import {
  type Batch,
  createRow,
  DecantError,
  type Identifier,
  type IdFields,
  isDecantError,
  type Row,
  type Stream,
} from "@decant/core";
import { cutOff, explainFile } from "./explain-file.ts";
import { requireUnchanged } from "./look-at-file.ts";
import { parseLine } from "./parse-line.ts";
import { type Position, readPosition } from "./position.ts";
import { readChunks } from "./read-chunks.ts";
import { type Line, readLines } from "./read-lines.ts";
import type { FileArgs } from "./slice-args.ts";

/** How {@linkcode readFileRows} reads. */
export interface ReadFileOptions {
  readonly identifier: Identifier;
  /** Where each row must have its id. Absent: one without has its file and its place there. */
  readonly required?: NonNullable<Stream["id"]>;
  readonly maxLineBytes: number;
  readonly jsonNamed: boolean;
  readonly cursor?: string;
  readonly signal: AbortSignal;
}

const batchBytes = 1 << 20;
const batchRows = 1_000;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** Reads the rows of a file, about 1 MiB of them at once. */
export async function* readFileRows(
  args: FileArgs,
  options: ReadFileOptions,
): AsyncGenerator<Batch> {
  const { file, compressed } = args;
  await requireUnchanged(args);
  if (!compressed && file.endsWith(".gz")) throw cutOff(file, "it is no gzip file");
  const start = readPosition(options.cursor);
  let at = start;
  let rows: Row[] = [];
  let ids = new Set<string>();
  let bytes = 0;
  for await (const line of linesFrom(args, start, options)) {
    options.signal.throwIfAborted();
    const { row, next } = readRow(line, at, { file, ...options, base: start.offset });
    // No id twice in a batch: a keyed sink may take a batch as one statement.
    if (row && (bytes >= batchBytes || rows.length >= batchRows || ids.has(row.id))) {
      yield { rows, next: { cursor: JSON.stringify(at) } };
      rows = [];
      ids = new Set();
      bytes = 0;
    }
    if (row) {
      rows.push(row);
      ids.add(row.id);
      bytes += row.json.byteLength;
    }
    at = next;
  }
  requireEnd(file, at, options.jsonNamed);
  await requireUnchanged(args);
  yield { rows, next: { end: { why: "complete" } } };
}

/** Reads lines, and says why it cannot. */
async function* linesFrom(
  { file, ...args }: FileArgs,
  { offset, line: first }: Position,
  { maxLineBytes, signal }: ReadFileOptions,
): AsyncGenerator<Line> {
  let line = first;
  const tooLong = () => lineTooLong(file, { line, maxBytes: maxLineBytes });
  try {
    const chunks = readChunks({ file, ...args }, offset);
    for await (const found of readLines(chunks, { maxBytes: maxLineBytes, tooLong })) {
      yield found;
      line += 1;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw isDecantError(error) ? error : explainFile(file, error);
  }
}

interface RowOptions extends ReadFileOptions {
  readonly file: string;
  /** Where the first line of this reading begins. */
  readonly base: number;
}

function readRow(
  { bytes, next }: Line,
  at: Position,
  { file, identifier, required, jsonNamed, base }: RowOptions,
): { readonly row?: Row; readonly next: Position } {
  const text = at.offset === 0 && startsWithMark(bytes) ? bytes.subarray(3) : bytes;
  const fields: IdFields = new Map();
  const { frame, row: json } = parse(text);
  const position = { offset: base + next, line: at.line + 1, frame };
  if (!json) return { next: position };
  const id = identifier.idOf(fields);
  if (id === undefined && required) throw noId(file, at.line, required);
  const time = identifier.timeOf(fields);
  const row = createRow({
    id: id ?? `${file}:${at.offset}`,
    ...(time !== undefined && { time }),
    json,
  });
  return { row, next: position };

  function parse(line: Uint8Array) {
    try {
      return parseLine(line, {
        frame: at.frame,
        jsonNamed,
        onMember: (member) => identifier.note(fields, line, member),
      });
    } catch (error) {
      throw malformed(file, { line: at.line, state: (error as Error).message });
    }
  }
}

function startsWithMark(bytes: Uint8Array): boolean {
  return byteOrderMark.every((byte, index) => bytes[index] === byte);
}

const makeLines = "jq -c . makes such lines of values, and jq -c '.[]' of an array.";

/** An array has to be closed. */
function requireEnd(file: string, { frame }: Position, jsonNamed: boolean): void {
  const ended = frame === "lines" || frame === "end" || (frame === "start" && !jsonNamed);
  if (!ended) throw cutOff(file, "its array has no end");
}

function malformed(
  file: string,
  { line, state }: { readonly line: number; readonly state: string },
): DecantError {
  return new DecantError(
    "NDJSON_LINE_MALFORMED",
    `Cannot read line ${line} of "${file}": ${state}`,
    { kind: "source", hint: `Each line must be one JSON value. ${makeLines}` },
  );
}

function lineTooLong(
  file: string,
  { line, maxBytes }: { readonly line: number; readonly maxBytes: number },
): DecantError {
  return new DecantError(
    "NDJSON_LINE_TOO_LONG",
    `Cannot read line ${line} of "${file}": it is longer than ${maxBytes} bytes`,
    { kind: "source", hint: `Each line must be one row. ${makeLines}` },
  );
}

function noId(file: string, line: number, id: NonNullable<Stream["id"]>): DecantError {
  const wanted = id.map((paths) => paths.map((path) => path.join(".")).join(" or ")).join(", ");
  return new DecantError(
    "NDJSON_ID_MISSING",
    `Cannot read line ${line} of "${file}": it has no id at ${wanted}`,
    { kind: "source", hint: "Name members that every row has, each text or a number." },
  );
}
