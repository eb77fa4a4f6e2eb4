import { join } from "node:path";
import type { Interfaces } from "@oclif/core";

/** The files that decide which plugins there are, and what they give. */
export function installedFiles(config: Interfaces.Config): readonly string[] {
  const roots = [...config.plugins.values()].map(({ root }) => root);
  return [config.dataDir, ...roots].map((folder) => join(folder, "package.json"));
}
