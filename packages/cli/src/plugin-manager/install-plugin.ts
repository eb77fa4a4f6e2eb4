import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DecantError } from "@decant/core";
import type { InstalledPlugin } from "../plugins/read-registry.ts";
import { type CheckedPackage, checkPackage } from "./check-package.ts";
import type { PluginSource } from "./plugin-source.ts";
import { storePlugin, withDraft } from "./plugin-store.ts";
import { installPackage, type NpmPermissions } from "./run-npm.ts";

/** Where a plugin goes. */
export interface InstallOptions extends NpmPermissions {
  readonly dataDir: string;
  readonly others: Iterable<InstalledPlugin>;
}

/**
 * Installs a plugin, or another version of it. Until all is well nothing changes: it is put together
 * beside the others and then moved to its place.
 *
 * @throws {DecantError} What `installPackage` and `checkPackage` throw.
 */
export async function installPlugin(
  { kind, spec, fixed }: PluginSource,
  { dataDir, others, ...permissions }: InstallOptions,
): Promise<CheckedPackage> {
  return withDraft(dataDir, async (draft) => {
    await installPackage(spec, { folder: draft, ...permissions });
    const name = await installedName(draft, spec);
    const found = await checkPackage(join(draft, "node_modules", name), others);
    await storePlugin(dataDir, { name, source: kind, spec, fixed, draft });
    return found;
  });
}

/** Only npm knows what a tarball is called; in an empty folder it is the one that was asked for. */
async function installedName(folder: string, spec: string): Promise<string> {
  const { dependencies = {} } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const [name] = Object.keys(dependencies);
  if (name !== undefined) return name;
  throw new DecantError("PLUGIN_INSTALL_FAILED", `Cannot install "${spec}": npm added nothing`, {
    kind: "usage",
    hint: "See what npm itself does with it, in an empty folder.",
  });
}
