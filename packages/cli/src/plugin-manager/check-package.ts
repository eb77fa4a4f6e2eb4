import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DecantError } from "@decant/core";
import { type InstalledPlugin, readRegistry } from "../plugins/read-registry.ts";
import type { Registry } from "../plugins/registry.ts";

/** A package that can be a plugin, and what it gives. */
export interface CheckedPackage {
  readonly name: string;
  readonly version: string;
  readonly gives: Registry;
}

/**
 * Looks at a package before it becomes a plugin, without running any of its code: its data, the
 * files that it names, and whether its names are free.
 *
 * @param others The plugins that are there, with those of the program.
 * @throws {DecantError} `PLUGIN_INVALID`.
 */
export async function checkPackage(
  root: string,
  others: Iterable<InstalledPlugin>,
): Promise<CheckedPackage> {
  const pjson = await readManifest(root);
  const { name, version } = pjson;
  if (!("decant" in pjson)) {
    throw invalid(name, "its package.json has no key decant, so it is no plugin of decant");
  }
  const plugin = { name, version, root, type: "link", pjson };
  const rest = [...others].filter((other) => other.name !== name);
  const before = new Set(readRegistry(rest).problems);
  const alone = readRegistry([plugin]);
  const [problem] = readRegistry([...rest, plugin]).problems.filter((line) => !before.has(line));
  if (problem) throw invalid(name, problem);
  for (const { entry } of [...alone.sinks.values(), ...alone.auth.values()]) {
    if (!existsSync(join(root, entry.module))) {
      throw invalid(name, `it lacks ${entry.module}: is it built?`);
    }
  }
  return { name, version, gives: alone };
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

async function readManifest(root: string): Promise<Manifest> {
  const path = join(root, "package.json");
  try {
    const { name, version, ...rest } = JSON.parse(await readFile(path, "utf8"));
    if (typeof name === "string" && typeof version === "string") return { name, version, ...rest };
  } catch (error) {
    throw invalid(root, `cannot read ${path}: ${(error as Error).message}`);
  }
  throw invalid(root, `${path} has no name or no version`);
}

function invalid(name: string, state: string): DecantError {
  return new DecantError("PLUGIN_INVALID", `Cannot use "${name}" as a plugin: ${state}`, {
    kind: "usage",
    hint: "Nothing was changed. docs/plugins.md says what a plugin is made of.",
  });
}
