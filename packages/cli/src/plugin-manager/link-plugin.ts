import { realpath } from "node:fs/promises";
import type { InstalledPlugin } from "../plugins/read-registry.ts";
import { type CheckedPackage, checkPackage } from "./check-package.ts";
import { storePlugin, withDraft } from "./plugin-store.ts";

/**
 * Makes a plugin of a folder that stays where it is: what is built there is what runs.
 *
 * @throws {DecantError} What `checkPackage` throws.
 */
export async function linkPlugin(
  path: string,
  { dataDir, others }: { readonly dataDir: string; readonly others: Iterable<InstalledPlugin> },
): Promise<CheckedPackage> {
  const root = await realpath(path).catch(() => path);
  const found = await checkPackage(root, others);
  await withDraft(dataDir, (draft) =>
    storePlugin(dataDir, { name: found.name, source: "link", spec: root, fixed: true, draft }),
  );
  return found;
}
