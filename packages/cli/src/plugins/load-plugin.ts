import { isAbsolute, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type AuthEntry,
  type AuthPlugin,
  DecantError,
  type SinkEntry,
  type SinkPlugin,
} from "@decant/core";
import type { Provided } from "./registry.ts";

/**
 * Imports the module of a chosen sink.
 *
 * @throws {DecantError} `PLUGIN_LOAD`, or `PLUGIN_INVALID` when it is not what its data says.
 */
export async function loadSink(provided: Provided<SinkEntry>): Promise<SinkPlugin> {
  const sink = (await load(provided)) as unknown as SinkPlugin;
  const { name, entry, plugin } = provided;
  for (const field of ["resume", "streams"] as const) {
    if (sink[field] === entry[field]) continue;
    const [found, said] = [sink[field], entry[field]].map((value) => JSON.stringify(value));
    throw new DecantError(
      "PLUGIN_INVALID",
      `Cannot use "${name}" of plugin "${plugin}": ${field} is ${found} in its module and ${said} in its package.json`,
      { kind: "usage", hint: "Tell the author of the plugin: both must say the same." },
    );
  }
  return sink;
}

/**
 * Imports the module of a chosen auth provider.
 *
 * @throws {DecantError} `PLUGIN_LOAD`.
 */
export async function loadProvider(provided: Provided<AuthEntry>): Promise<AuthPlugin> {
  return (await load(provided)) as unknown as AuthPlugin;
}

async function load({ name, entry, plugin, root }: Provided<SinkEntry | AuthEntry>) {
  const file = resolve(root, entry.module);
  const inside = relative(root, file);
  const refuse = (state: string, cause?: unknown) =>
    new DecantError(
      "PLUGIN_LOAD",
      `Cannot load "${name}" of plugin "${plugin}" (${entry.module}): ${state}`,
      {
        kind: "usage",
        hint: `Install the plugin again, or tell its author: decant plugins install ${plugin}`,
        cause,
      },
    );
  if (inside.startsWith("..") || isAbsolute(inside)) throw refuse("it lies outside the plugin");
  let module: { readonly default?: { readonly open?: unknown } };
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
  if (typeof module.default?.open !== "function") {
    throw refuse("it has no default export with an open function");
  }
  return module.default;
}
