import { type ColumnValue, DecantError, formatTime, type Row, readColumns } from "@decant/core";
import type { CsvColumn } from "./plan-columns.ts";

/** How the cells of a record are written. */
export interface RecordForm {
  readonly delimiter: string;
  /** Whether to keep spreadsheets from taking text for a formula. */
  readonly guard: boolean;
}

/** By this, Excel knows UTF-8. */
export const byteOrderMark = "\ufeff";

const lineEnd = "\r\n";

/**
 * What a spreadsheet takes for the beginning of a formula, in full width, too. Source:
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Quotes also what only other delimiters would need: a spreadsheet that expects one of those would
 * else begin a cell, and maybe a formula, in the middle of a text.
 */
const needsQuotes = /[",;|\t\r\n]|^\s|\s$/;

/** Writes the names of columns as a record. */
export function formatHeader(columns: readonly CsvColumn[], form: RecordForm): string {
  return join(
    columns.map(({ name }) => formatText(name, form)),
    form,
  );
}

/**
 * Makes what writes a row as a record (RFC 4180, section 2). That throws `ROW_INVALID` where the raw
 * row is wanted and is no text.
 */
export function createRowFormatter(
  columns: readonly CsvColumn[],
  form: RecordForm,
): (row: Row) => string {
  const sources = columns.flatMap(({ source }) => source ?? []);
  return (row) => {
    const text = lenient.decode(row.json);
    const values = readColumns(text, sources);
    let next = 0;
    const cells = columns.map(({ name, source }) => {
      if (source) return formatValue(values[next++], form);
      if (name === "raw") return quote(exactText(row, text));
      return name === "row_id" ? formatText(row.id, form) : (formatTime(row.time) ?? "");
    });
    return join(cells, form);
  };
}

const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function join(cells: readonly string[], { delimiter }: RecordForm): string {
  return cells.join(delimiter) + lineEnd;
}

function formatValue(value: ColumnValue, form: RecordForm): string {
  if (value === undefined) return "";
  return typeof value === "string" ? formatText(value, form) : String(value);
}

function formatText(text: string, { guard }: RecordForm): string {
  const guarded = guard && formula.test(text) && !number.test(text) ? `'${text}` : text;
  return needsQuotes.test(guarded) ? quote(guarded) : guarded;
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function exactText({ id, json }: Row, text: string): string {
  // Where bytes were no UTF-8, this stands for them.
  if (!text.includes("\ufffd")) return text;
  try {
    return strict.decode(json);
  } catch (cause) {
    throw new DecantError("ROW_INVALID", `Cannot write row "${id}": it is no valid UTF-8`, {
      kind: "sink",
      hint: "Export to ndjson, which takes any bytes, or without --csv-raw.",
      cause,
    });
  }
}
