import { concatBytes } from "@decant/core";
import type { Unframe } from "@decant/sink/file-output";
import { byteOrderMark } from "./format-record.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const lineFeed = encoder.encode("\n");
const quoteByte = 0x22;

/** Makes what finds the raw rows in the lines of a file. It knows just what the sink writes. */
export function createUnframe(delimiter: string): Unframe {
  /** The lines of a record that goes on, as a cell has a line break. */
  let open: Uint8Array[] = [];
  let header: readonly string[] | undefined;

  function take(record: Uint8Array): ReturnType<Unframe["line"]> {
    const cells = parseRecord(record, delimiter);
    if (!cells) return "malformed";
    if (!header) {
      header = cells;
      return header.includes("raw") ? undefined : "malformed";
    }
    const row = cells[header.indexOf("raw")];
    return cells.length === header.length && row ? encoder.encode(row) : "malformed";
  }

  return {
    line(bytes) {
      open.push(bytes);
      const starts = open.length === 1;
      if (isOdd(bytes) === starts) return undefined;
      const lines = open.flatMap((line, index) => (index === 0 ? [line] : [lineFeed, line]));
      open = [];
      return take(concatBytes(lines));
    },
    ended: () => header !== undefined && open.length === 0,
  };
}

/** Whether quotes open a cell that does not end, or close one that went on. */
function isOdd(bytes: Uint8Array): boolean {
  let odd = false;
  for (let at = bytes.indexOf(quoteByte); at >= 0; at = bytes.indexOf(quoteByte, at + 1))
    odd = !odd;
  return odd;
}

/** @returns The cells, or nothing where it is no record as the sink writes it. */
function parseRecord(bytes: Uint8Array, delimiter: string): string[] | undefined {
  const text = decode(bytes);
  if (!text?.endsWith("\r")) return undefined;
  const cells: string[] = [];
  let at = text.startsWith(byteOrderMark) ? 1 : 0;
  for (;;) {
    const end = endOfCell(text, { at, delimiter });
    if (end === undefined) return undefined;
    const cell = text.slice(at, end);
    cells.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === text.length - 1) return cells;
    at = end + 1;
  }
}

function endOfCell(
  text: string,
  { at, delimiter }: { readonly at: number; readonly delimiter: string },
): number | undefined {
  const last = text.length - 1;
  if (text[at] !== '"') {
    const end = text.indexOf(delimiter, at);
    return end < 0 ? last : end;
  }
  let end = text.indexOf('"', at + 1);
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  return end >= 0 && (end + 1 === last || text[end + 1] === delimiter) ? end + 1 : undefined;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
