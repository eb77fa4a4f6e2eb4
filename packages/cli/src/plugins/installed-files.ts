import { join } from "node:path";
import type { Config } from "@oclif/core";
import { lostPlugins } from "./lost-plugins.ts";
import { readRegistry } from "./read-registry.ts";

/**
 * The files that decide which plugins there are, and what they give. Nothing where there is a problem
 * with one of them: it is told at each start, and it may go away as it came.
 */
export function installedFiles(config: Config): readonly string[] | undefined {
  const plugins = config.getPluginsList();
  if (lostPlugins(config).length > 0 || readRegistry(plugins).problems.length > 0) return undefined;
  const folders = [config.dataDir, ...plugins.map(({ root }) => root)];
  return folders.map((folder) => join(folder, "package.json"));
}
