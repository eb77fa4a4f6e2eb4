import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "@oclif/core";

/**
 * Finds the plugins that are installed and could not be read: a linked folder that is gone, a
 * package.json that was broken since. oclif's own words for it name a file and no plugin.
 *
 * @returns One line for each.
 */
export function lostPlugins({ dataDir, plugins }: Config): readonly string[] {
  return installed(dataDir)
    .filter(({ name }) => !plugins.has(name))
    .map(
      ({ name, root }) =>
        `Plugin "${name}" is left out: cannot read ${join(root, "package.json")}. ` +
        `If it is gone for good: decant plugins uninstall ${name}`,
    );
}

function installed(dataDir: string): readonly { readonly name: string; readonly root: string }[] {
  try {
    return JSON.parse(readFileSync(join(dataDir, "package.json"), "utf8")).oclif.plugins;
  } catch {
    return []; // None was ever installed.
  }
}
