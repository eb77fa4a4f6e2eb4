import { readdir, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { DecantError } from "@decant/core";
import { attempt, makeFolder, syncFolder, systemCode } from "@decant/core/file";
import type { Layout } from "./layout.ts";
import { type Ledger, ledgerName, openLedger, type ShardState } from "./ledger.ts";
import type { Position } from "./position.ts";
import { readLedger } from "./read-ledger.ts";
import { refuseToReplace } from "./replaced-files.ts";

/**
 * Makes the folder in which a new output grows.
 *
 * @throws {DecantError} `OUTPUT_EXISTS` where something must stay.
 */
export async function createWork(
  layout: Layout,
  { shards, force }: { readonly shards: readonly ShardState[]; readonly force: boolean },
): Promise<{ readonly ledger: Ledger; readonly position: Position }> {
  const { work } = layout;
  await refuseToReplace(layout, force);
  await clearWork(work, force);
  await attempt(`create "${work}"`, async () => {
    const made = await makeFolder(work);
    await syncFolder(resolve(work), made && dirname(made));
  });
  const ledger = await openLedger(work, 0);
  try {
    const end = await ledger.append({ rows: 0, shards, footers: {} });
    await attempt(`write "${work}"`, () => syncFolder(work));
    return { ledger, position: { ledger: end, rows: 0 } };
  } catch (error) {
    await ledger[Symbol.asyncDispose]();
    throw error;
  }
}

/** Removes an unfinished output: one without rows, or by force. What is of others stays always. */
async function clearWork(work: string, force: boolean): Promise<void> {
  const names = await attempt(`look at "${work}"`, () => namesIn(work));
  if (names === undefined) return;
  if (names.length > 0 && !names.includes(ledgerName)) throw foreign(work);
  const record = names.length > 0 ? await readLedger(work) : undefined;
  // Without a whole line in it nothing was ever committed.
  if (!force && record && record.rows > 0) throw unfinished(work);
  await attempt(`remove "${work}"`, () => rm(work, { recursive: true }));
}

async function namesIn(folder: string): Promise<string[] | undefined> {
  return await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    if (systemCode(error) === "ENOTDIR") throw foreign(folder);
    throw error;
  });
}

function unfinished(work: string): DecantError {
  return new DecantError("OUTPUT_EXISTS", `Cannot write "${work}": an unfinished export is there`, {
    kind: "usage",
    hint: "Resume that export, choose another name, or replace it with --force.",
  });
}

function foreign(work: string): DecantError {
  return new DecantError("OUTPUT_EXISTS", `Cannot write "${work}": it is not of this sink`, {
    kind: "usage",
    hint: "Choose another name, or move away what is there.",
  });
}
