import { lstatSync, type Stats } from "node:fs";
import { platform } from "node:os";

/** Whether modes and owners mean nothing here: a user's folders are private by their lists of access. */
const withoutModes = platform() === "win32";

/** What keeps a folder from being private: `mode` can be repaired, the others cannot. */
export type FolderFlaw = "missing" | "kind" | "owner" | "mode";

/** Tells what keeps a folder from being private, without following a link. */
export function folderFlaw(path: string, uid: number | undefined): FolderFlaw | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return "missing";
  if (!found.isDirectory()) return "kind";
  if (isForeign(found, uid)) return "owner";
  return isOpen(found) ? "mode" : undefined;
}

/** Whether somebody else owns it. */
export function isForeign({ uid }: Stats, own: number | undefined): boolean {
  return own !== undefined && uid !== own;
}

/** Whether others may touch it. */
export function isOpen({ mode }: Stats): boolean {
  return !withoutModes && (mode & 0o077) !== 0;
}
