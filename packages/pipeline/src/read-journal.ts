import { isJob } from "./job.ts";
import {
  applyEntry,
  type Commit,
  createLedger,
  type Finishing,
  type Header,
  type Ledger,
  type Plan,
} from "./ledger.ts";
import { readLines } from "./read-lines.ts";
import { stateCorrupt, stateVersion } from "./state-error.ts";

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
  const first: object[] = [];
  let ledger: Ledger | undefined;
  let length = 0;
  let number = 0;
  let torn: number | undefined;
  for await (const { text, end } of readLines(path)) {
    number += 1;
    // Only the last line can be torn: a power cut may leave its length without its content.
    if (torn !== undefined) throw stateCorrupt(path, torn);
    const value = parseLine(text);
    if (!value) {
      torn = number;
      continue;
    }
    try {
      if (ledger) applyEntry(ledger, value as Commit | Finishing);
      else if (first.push(value) === 3) ledger = begin(path, first);
    } catch (cause) {
      // A whole line of JSON that makes no sense was not torn, but changed by somebody.
      throw stateCorrupt(path, number, cause);
    }
    length = end;
  }
  if (!ledger) throw stateCorrupt(path, number);
  return { ledger, length };
}

function parseLine(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function begin(path: string, lines: readonly object[]): Ledger {
  const [header, plan, commit] = lines as [Header, Plan, Commit];
  if (header.decant !== "journal") throw new TypeError("Cannot read the header: there is none");
  if (header.version !== 1) throw stateVersion(path, header.version);
  const runs = [header.run, header.series?.previous?.run ?? "-"];
  // They name files of a series: no path comes from there.
  if (!runs.every((run) => /^[\w-]+$/.test(run))) {
    throw new TypeError("Cannot read the header: its run has no name");
  }
  if (!isJob(header.job)) throw new TypeError("Cannot read the header: its job is none");
  return createLedger(header, plan, commit);
}
