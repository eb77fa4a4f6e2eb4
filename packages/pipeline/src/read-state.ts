import { readFile, stat } from "node:fs/promises";
import { DecantError } from "@decant/core";
import { attempt, systemCode } from "@decant/core/file";
import { isJob, type Job } from "./job.ts";
import { sumUp } from "./ledger.ts";
import type { Manifest, Series } from "./manifest.ts";
import { readJournal } from "./read-journal.ts";
import { readLines } from "./read-lines.ts";
import { stateCorrupt, stateVersion } from "./state-error.ts";

/** What a state file holds: an export that goes on, or the manifest of one that ended. */
export type State =
  | {
      readonly kind: "journal";
      readonly job: Job;
      readonly run: string;
      readonly identity: string;
      readonly rows: number;
      /** Absent: no later run is to go on with it. */
      readonly series?: Series;
    }
  | { readonly kind: "manifest"; readonly manifest: Manifest };

/**
 * Reads a state file.
 *
 * @param path Where it lies.
 * @returns What it holds.
 *
 * @throws {DecantError} `STATE_NOT_FOUND`, `STATE_CORRUPT`, or `STATE_VERSION` when a newer
 * version wrote it.
 *
 * @example
 * ```ts
 * import { readState } from "@decant/pipeline";
 *
 * const state = await readState("events.ndjson.decant");
 * if (state.kind === "journal") state.rows; // committed so far
 * else state.manifest.status; // "complete"
 * ```
 */
export async function readState(path: string): Promise<State> {
  await checkFile(path);
  const manifest = await findManifest(path);
  if (manifest) return { kind: "manifest", manifest };
  try {
    const { ledger } = await readJournal(path);
    const { job, run, identity, series } = ledger.header;
    const { rows } = sumUp(ledger.slices.values());
    return { kind: "journal", job, run, identity, rows, ...(series && { series }) };
  } catch (error) {
    // Whoever holds the lock may have put the manifest there meanwhile.
    const ended = await findManifest(path);
    if (ended) return { kind: "manifest", manifest: ended };
    throw error;
  }
}

/** Reads the manifest of an export that has ended. Nothing: a journal is there. */
export async function findManifest(path: string): Promise<Manifest | undefined> {
  if ((await firstLine(path)).startsWith('{"decant":"journal"')) return undefined;
  return parseManifest(path, await readFile(path, "utf8"));
}

/** What is no plain file may have no end. */
async function checkFile(path: string): Promise<void> {
  const found = await attempt(`read "${path}"`, async () => {
    return await stat(path).catch((error: unknown) => {
      if (systemCode(error) !== "ENOENT") throw error;
    });
  });
  if (!found) {
    throw new DecantError("STATE_NOT_FOUND", `Cannot read "${path}": there is no such file`, {
      kind: "usage",
      hint: "The state of an export lies beside its output, with .decant at the end of its name.",
    });
  }
  if (!found.isFile()) throw stateCorrupt(path);
}

async function firstLine(path: string): Promise<string> {
  for await (const { text } of readLines(path)) return text;
  return "";
}

function parseManifest(path: string, text: string): Manifest {
  let value: Partial<Manifest> | null;
  try {
    value = JSON.parse(text) as Partial<Manifest> | null;
  } catch (cause) {
    throw stateCorrupt(path, undefined, cause);
  }
  if (value?.decant !== "manifest") throw stateCorrupt(path);
  if (value.version !== 1) throw stateVersion(path, value.version);
  const { job, slices, notes, run } = value;
  // The run names files of a series: no path comes from there.
  const named = /^[\w-]+$/.test(run ?? "");
  if (!named || !isJob(job) || !Array.isArray(slices) || !Array.isArray(notes))
    throw stateCorrupt(path);
  return value as Manifest;
}
