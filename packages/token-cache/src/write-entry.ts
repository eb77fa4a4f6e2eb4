import { randomBytes } from "node:crypto";
import { rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Entry, formatEntry } from "./entry.ts";

/**
 * Puts an entry into the folder at once and whole: who reads at the same time sees the old one or
 * this one. It is not synced: a torn file does not match its hash, and a token can be had again.
 */
export async function writeEntry(folder: string, name: string, entry: Entry): Promise<void> {
  const part = join(folder, `${randomBytes(16).toString("hex")}.part`);
  try {
    await writeFile(part, formatEntry(name, entry), { flag: "wx", mode: 0o600 });
    // So that sweeping need not read what it is to remove.
    await utimes(part, entry.token.expiresAt, entry.token.expiresAt);
    await rename(part, join(folder, `${name}.token`));
  } catch (error) {
    await rm(part, { force: true }).catch(() => {}); // Swept later.
    throw error;
  }
}
