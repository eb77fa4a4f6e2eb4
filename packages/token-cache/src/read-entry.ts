import { join } from "node:path";
import { type Entry, parseEntry } from "./entry.ts";
import { readPrivateFile } from "./read-private-file.ts";

/** Far more than a token with all its scopes takes. */
const maxBytes = 256 * 1024;

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
  const text = readPrivateFile(join(folder, `${name}.token`), { uid, maxBytes });
  const entry = text === undefined ? undefined : parseEntry(name, text);
  return entry && entry.mintedAt - now() <= clockStep ? entry : undefined;
}
