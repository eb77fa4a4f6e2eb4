import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { attempt, syncFolder } from "@decant/core/file";
import type { Commit, Entry, Header, Plan } from "./ledger.ts";

/** A state file that is being written to. */
export interface Journal extends AsyncDisposable {
  /** Adds a line and resolves when it is on the disk. */
  append(entry: Entry): Promise<void>;
}

/** Puts a state file with its first lines in place, at once: no crash leaves half of them. */
export async function createJournal(
  path: string,
  lines: readonly [Header, Plan, Commit],
): Promise<Journal> {
  return await attempt(`write "${path}"`, async () => {
    const temporary = `${path}.new`;
    const file = await createFile(temporary);
    return await orClose(createWriter(file, path), async () => {
      for (const line of lines) await file.appendFile(toLine(line));
      await file.datasync();
      await rename(temporary, path);
      await syncFolder(dirname(path));
    });
  });
}

/** Opens a state file to go on after its first `length` bytes. */
export async function openJournal(path: string, length: number): Promise<Journal> {
  return await attempt(`write "${path}"`, async () => {
    const file = await open(path, "a");
    return await orClose(createWriter(file, path), () => file.truncate(length));
  });
}

function createWriter(file: FileHandle, path: string): Journal {
  return {
    append: (entry) => attempt(`write "${path}"`, () => writeLine(file, entry)),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

async function orClose(journal: Journal, task: () => Promise<void>): Promise<Journal> {
  try {
    await task();
    return journal;
  } catch (error) {
    await journal[Symbol.asyncDispose]();
    throw error;
  }
}

async function writeLine(file: FileHandle, entry: Entry): Promise<void> {
  await file.appendFile(toLine(entry));
  await file.datasync();
}

function toLine(value: Header | Entry): string {
  return `${JSON.stringify(value)}\n`;
}

/** A new file of this name, whatever was there: a link is not followed. */
export async function createFile(path: string): Promise<FileHandle> {
  await rm(path, { force: true });
  return await open(path, "wx", 0o600);
}
