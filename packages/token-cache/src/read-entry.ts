import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Entry, parseEntry } from "./entry.ts";
import { folderFlaw, isForeign, isOpen } from "./folder-flaw.ts";

/** Far more than a token with all its scopes takes. */
const longest = 256 * 1024;

/** How far clocks of one machine may be apart, in milliseconds, before one of them was set back. */
const clockStep = 60_000;

/** Where and when an entry is read. */
export interface ReadEntryOptions {
  readonly folder: string;
  readonly uid?: number | undefined;
  now(): number;
}

/**
 * Reads an entry. One that somebody else may have written, that is damaged, of another version, or
 * from the future counts as not there: it will be replaced.
 */
export function readEntry(name: string, options: ReadEntryOptions): Entry | undefined {
  const { folder, uid, now } = options;
  try {
    if (folderFlaw(folder, uid)) return undefined;
    const path = join(folder, `${name}.token`);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found?.isFile() || found.size > longest) return undefined;
    if (isForeign(found, uid) || isOpen(found)) return undefined;
    const entry = parseEntry(name, readFileSync(path, "utf8"));
    return entry && entry.mintedAt - now() <= clockStep ? entry : undefined;
  } catch {
    return undefined; // Not to be read, for whatever reason: writing will tell.
  }
}
