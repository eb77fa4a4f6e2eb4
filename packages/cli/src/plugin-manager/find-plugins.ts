import { DecantError } from "@decant/core";
import { nearest } from "../text/nearest.ts";
import { listPlugins, type StoredPlugin } from "./plugin-store.ts";

/**
 * Finds plugins by name.
 *
 * @throws {DecantError} `PLUGIN_UNKNOWN`.
 */
export async function findPlugins(
  dataDir: string,
  names: readonly string[],
): Promise<readonly StoredPlugin[]> {
  const all = await listPlugins(dataDir);
  return names.map((name) => {
    const found = all.find((plugin) => plugin.name === name || plugin.spec === name);
    if (found) return found;
    const near = nearest(
      name,
      all.map((plugin) => plugin.name),
    );
    throw new DecantError("PLUGIN_UNKNOWN", `Cannot find the plugin "${name}"`, {
      kind: "usage",
      hint: near ? `Did you mean "${near}"?` : '"decant plugins" lists what is installed.',
    });
  });
}
