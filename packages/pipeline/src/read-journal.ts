import { DecantError } from "@decant/core";
import { applyEntry, createLedger, type Entry, type Header, type Ledger } from "./ledger.ts";
import { readLines } from "./read-lines.ts";

/** A journal as it was found. */
export interface FoundJournal {
  readonly ledger: Ledger;
  /** How many bytes of the file hold. What follows is a line that a crash tore off. */
  readonly length: number;
}

/**
 * Reads a journal to its last whole line.
 *
 * @throws {DecantError} `STATE_CORRUPT` when a line before the last cannot be read,
 * `STATE_VERSION` when a newer version wrote it.
 */
export async function readJournal(path: string): Promise<FoundJournal> {
  let ledger: Ledger | undefined;
  let length = 0;
  let torn: number | undefined;
  let number = 0;
  for await (const { text, end } of readLines(path)) {
    number += 1;
    if (torn !== undefined) throw corrupt(path, torn);
    const value = parseLine(text);
    // Only the last line can be torn: a power cut may leave its length without its content.
    if (value === undefined) {
      torn = number;
      continue;
    }
    if (ledger) applyLine(ledger, value, { path, number });
    else ledger = createLedger(checkHeader(path, value));
    length = end;
  }
  if (!ledger) throw corrupt(path, 1);
  return { ledger, length };
}

/** A whole line of JSON that makes no sense was not torn, but changed by somebody. */
function applyLine(ledger: Ledger, value: object, place: { path: string; number: number }): void {
  try {
    applyEntry(ledger, value as Entry);
  } catch (cause) {
    throw corrupt(place.path, place.number, cause);
  }
}

function parseLine(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function checkHeader(path: string, value: object): Header {
  const { decant, version } = value as Partial<Header>;
  if (decant !== "journal") throw corrupt(path, 1);
  if (version !== 1) {
    throw new DecantError(
      "STATE_VERSION",
      `Cannot read "${path}": it has version ${version}, and this is a reader of version 1`,
      { kind: "usage", hint: "Use the version of decant that began this export, or a newer one." },
    );
  }
  return value as Header;
}

function corrupt(path: string, line: number, cause?: unknown): DecantError {
  return new DecantError("STATE_CORRUPT", `Cannot read "${path}": line ${line} is damaged`, {
    kind: "usage",
    cause,
    hint: "Start the export again with --force.",
  });
}
