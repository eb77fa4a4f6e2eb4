import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Entry, Header } from "./ledger.ts";

/** A state file that is being written to. */
export interface Journal extends AsyncDisposable {
  /** Adds a line and resolves when it is on the disk. */
  append(entry: Entry): Promise<void>;
}

/** Creates a state file with its first line. */
export async function createJournal(path: string, header: Header): Promise<Journal> {
  const file = await open(path, "w", 0o600);
  await writeLine(file, header);
  await syncFolder(dirname(path));
  return journal(file);
}

/** Opens a state file to go on after its first `length` bytes. */
export async function openJournal(path: string, length: number): Promise<Journal> {
  const file = await open(path, "r+");
  await file.truncate(length);
  await file.close();
  return journal(await open(path, "a"));
}

function journal(file: FileHandle): Journal {
  return {
    append: (entry) => writeLine(file, entry),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

async function writeLine(file: FileHandle, value: Header | Entry): Promise<void> {
  await file.appendFile(`${JSON.stringify(value)}\n`);
  await file.datasync();
}

/** Makes a created, renamed or removed name in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle;
  try {
    folder = await open(path, "r");
  } catch {
    return; // Windows opens no folders, and needs no such thing.
  }
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
