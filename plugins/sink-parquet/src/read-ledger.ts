import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Entry, ledgerName, type Seal, type ShardState } from "./ledger.ts";

/** What a ledger says. */
export interface LedgerRecord {
  /** How many rows the output has. */
  readonly rows: number;
  readonly shards: readonly ShardState[];
  /** The footers of all row groups, by shard, in Base64. */
  readonly footers: ReadonlyMap<number, readonly string[]>;
  /** How many bytes each file has, by its shard, where all are whole. */
  readonly sealed?: Seal["sealed"];
}

/**
 * Reads a ledger up to a position, and whether the line behind it is the last.
 *
 * @param bytes Where a line has to end. Absent: where the last one does.
 * @returns Nothing where it is none, or no line ends there.
 *
 * @throws the system's error where it cannot be read.
 */
export async function readLedger(work: string, bytes?: number): Promise<LedgerRecord | undefined> {
  // A character for each byte, so that positions fit.
  const text = await readFile(join(work, ledgerName), "latin1");
  const end = bytes ?? text.lastIndexOf("\n") + 1;
  if (text.length < end || (end > 0 && text[end - 1] !== "\n")) return undefined;
  try {
    const lines = text.slice(0, end).split("\n").slice(0, -1);
    const [next = "", ...more] = text.slice(end).split("\n");
    const after: Partial<Seal> = more.length > 0 ? JSON.parse(next) : {};
    const { sealed } = after;
    return { ...sumUp(lines.map((line) => JSON.parse(line))), ...(sealed && { sealed }) };
  } catch {
    return undefined;
  }
}

function sumUp(entries: readonly (Entry | Seal)[]): LedgerRecord {
  const shards = new Map<number, ShardState>();
  const footers = new Map<number, string[]>();
  let rows = 0;
  for (const entry of entries) {
    if ("sealed" in entry) continue;
    rows = entry.rows;
    for (const shard of entry.shards) shards.set(shard.id, shard);
    for (const [id, more] of Object.entries(entry.footers)) {
      footers.set(Number(id), [...(footers.get(Number(id)) ?? []), ...more]);
    }
  }
  return { rows, shards: [...shards.values()], footers };
}
