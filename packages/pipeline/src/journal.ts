import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { attempt, syncFolder } from "@decant/core/file";
import type { Entry, Header } from "./ledger.ts";

/** A state file that is being written to. */
export interface Journal extends AsyncDisposable {
  /** Adds a line and resolves when it is on the disk. */
  append(entry: Entry): Promise<void>;
}

/** Puts a state file with its first line in place, at once: no crash leaves half of it. */
export async function createJournal(path: string, header: Header): Promise<Journal> {
  return await attempt(`write "${path}"`, async () => {
    const temporary = `${path}.new`;
    const file = await open(temporary, "w", 0o600);
    return await orClose(createWriter(file, path), async () => {
      await writeLine(file, header);
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

async function writeLine(file: FileHandle, value: Header | Entry): Promise<void> {
  await file.appendFile(`${JSON.stringify(value)}\n`);
  await file.datasync();
}
