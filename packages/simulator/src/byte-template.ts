import { Buffer } from "node:buffer";

// Private-use characters: they pass through JSON untouched and occur in no sample text.
const holePattern = /\ue000(\w+)\ue001/;

/** Bytes with named holes: `bytes[0] holes[0] bytes[1] holes[1] ... bytes[n]`. */
export interface ByteTemplate {
  readonly bytes: readonly Uint8Array[];
  readonly holes: readonly string[];
  /** The number of bytes without what fills the holes. */
  readonly length: number;
}

/** What fills the holes of a template. ASCII only. */
export type HoleValues = Readonly<Record<string, string>>;

/** Text to put where a value will stand that differs from row to row. */
export function hole(name: string): string {
  return `\ue000${name}\ue001`;
}

/** Compiles a text with holes, so that filling it only copies bytes. */
export function compileTemplate(text: string): ByteTemplate {
  const pieces = text.split(holePattern);
  const bytes = pieces.filter((_, i) => i % 2 === 0).map((piece) => Buffer.from(piece));
  const holes = pieces.filter((_, i) => i % 2 === 1);
  return { bytes, holes, length: bytes.reduce((sum, part) => sum + part.byteLength, 0) };
}

/** One row of a page: a template and what fills it. */
export interface FilledTemplate {
  readonly template: ByteTemplate;
  readonly values: HoleValues;
}

/** Writes rows as a JSON array, or a single row as it is, into one new buffer. */
export function renderRows(rows: readonly FilledTemplate[], array = true): Uint8Array<ArrayBuffer> {
  const size = rows.reduce((sum, row) => sum + rowLength(row), 0);
  const page = Buffer.allocUnsafe(size + (array ? Math.max(rows.length + 1, 2) : 0));
  let at = 0;
  if (array) at = page.write("[", at, "latin1");
  for (let i = 0; i < rows.length; i++) {
    if (i > 0) at += page.write(",", at, "latin1");
    at = writeRow(page, { at, row: rows[i]! });
  }
  if (array) page.write("]", at, "latin1");
  return page;
}

function rowLength({ template, values }: FilledTemplate): number {
  let length = template.length;
  for (const name of template.holes) length += values[name]!.length;
  return length;
}

function writeRow(page: Buffer, target: { at: number; row: FilledTemplate }): number {
  const { template, values } = target.row;
  let at = target.at;
  for (let i = 0; i < template.bytes.length; i++) {
    const part = template.bytes[i]!;
    page.set(part, at);
    at += part.byteLength;
    const name = template.holes[i];
    if (name !== undefined) at += page.write(values[name]!, at, "latin1");
  }
  return at;
}
