import { readFile } from "node:fs/promises";
import { DecantError } from "@decant/core";
import type { Job } from "./job.ts";
import { sumUp } from "./ledger.ts";
import type { Manifest } from "./manifest.ts";
import { readJournal } from "./read-journal.ts";
import { readLines } from "./read-lines.ts";

/** What a state file holds: an export that goes on, or the manifest of one that ended. */
export type State =
  | {
      readonly kind: "journal";
      readonly job: Job;
      readonly run: string;
      readonly identity: string;
      readonly rows: number;
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
  if ((await firstLine(path)).startsWith('{"decant":"journal"')) {
    const { ledger } = await readJournal(path);
    const { job, run, identity } = ledger.header;
    return { kind: "journal", job, run, identity, rows: sumUp(ledger).rows };
  }
  return { kind: "manifest", manifest: parseManifest(path, await readFile(path, "utf8")) };
}

async function firstLine(path: string): Promise<string> {
  try {
    for await (const { text } of readLines(path)) return text;
    return "";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new DecantError("STATE_NOT_FOUND", `Cannot read "${path}": there is no such file`, {
      kind: "usage",
      hint: "The state of an export lies beside its output, with .decant at the end of its name.",
    });
  }
}

function parseManifest(path: string, text: string): Manifest {
  let value: Partial<Manifest>;
  try {
    value = JSON.parse(text) as Partial<Manifest>;
  } catch {
    throw corrupt(path);
  }
  if (value?.decant !== "manifest") throw corrupt(path);
  if (value.version !== 1) {
    throw new DecantError(
      "STATE_VERSION",
      `Cannot read "${path}": it has version ${value.version}, and this is a reader of version 1`,
      { kind: "usage", hint: "Use a newer version of decant." },
    );
  }
  return value as Manifest;
}

function corrupt(path: string): DecantError {
  return new DecantError("STATE_CORRUPT", `Cannot read "${path}": it is no state of an export`, {
    kind: "usage",
    hint: "Give the file that ends in .decant, not the output. If that is it, start again with --force.",
  });
}
