import { chmod, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder, systemCode } from "@decant/core/file";
import { folderFlaw } from "./folder-flaw.ts";

/**
 * Makes a folder that only its owner can look into, or makes the one that is there so.
 *
 * @throws {Error} where it belongs to somebody else, or is a link or a file.
 */
export async function makePrivateFolder(path: string, uid: number | undefined): Promise<void> {
  let flaw = folderFlaw(path, uid);
  if (flaw === "missing") {
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
      if (systemCode(error) !== "EEXIST") throw error;
    });
    flaw = folderFlaw(path, uid);
  }
  if (flaw === "mode") {
    await chmod(path, 0o700); // Only the owner may do so.
    flaw = folderFlaw(path, uid);
  }
  if (flaw === "kind") throw new Error("it is a link or a file, not a folder");
  if (flaw === "owner") throw new Error("it belongs to another user");
  if (flaw === "mode") throw new Error("others can look into it");
}
