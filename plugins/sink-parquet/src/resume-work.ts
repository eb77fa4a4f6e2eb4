import { readdir, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { DecantError } from "@decant/core";
import { attempt } from "@decant/core/file";
import type { Layout } from "./layout.ts";
import { ledgerName } from "./ledger.ts";
import type { Position } from "./position.ts";
import { type LedgerRecord, readLedger } from "./read-ledger.ts";
import { dataPath, spillPath } from "./shard.ts";

/**
 * Reads what an unfinished output was at a position.
 *
 * @throws {DecantError} `STATE_MISMATCH` where it is gone, or is another one.
 */
export async function readWork(layout: Layout, position: Position): Promise<LedgerRecord> {
  const { work } = layout;
  const record = await readLedger(work, position.ledger).catch(() => {
    throw mismatch(work, "it is gone");
  });
  if (record?.rows !== position.rows) throw mismatch(work, "it is not what it was");
  if (record.shards.some(({ stream }) => !layout.streams.has(stream))) {
    throw mismatch(work, "it is of other streams");
  }
  return record;
}

/**
 * Drops what was written after a position.
 *
 * @throws {DecantError} `STATE_MISMATCH` where something that was written before it is missing.
 */
export async function rewindWork(work: string, { shards }: LedgerRecord): Promise<void> {
  const sizes = new Map<string, number>();
  for (const shard of shards) {
    if (shard.bytes > 0) sizes.set(dataPath(work, shard.id), shard.bytes);
    if (shard.spilled > 0) sizes.set(spillPath(work, shard), shard.spilled);
  }
  for (const [path, bytes] of sizes) {
    const size = (await stat(path).catch(() => undefined))?.size;
    if (size === undefined) throw mismatch(path, "it is gone");
    if (size < bytes) throw mismatch(path, `it holds ${size} bytes instead of ${bytes}`);
  }
  await attempt(`open "${work}"`, async () => {
    for (const [path, bytes] of sizes) await truncate(path, bytes);
    for (const name of await readdir(work)) {
      const path = join(work, name);
      if (name !== ledgerName && !sizes.has(path)) await rm(path);
    }
  });
}

/** Says that an output is not what its position says. */
export function mismatch(path: string, state: string): DecantError {
  return new DecantError("STATE_MISMATCH", `Cannot go on in "${path}": ${state}`, {
    kind: "usage",
    hint: "Put it back, or start the export again with --force.",
  });
}
