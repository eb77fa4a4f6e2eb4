import { escapeControls } from "@decant/core";
import { checkPluginData } from "./check-plugin-data.ts";
import type { Provided, Registry } from "./registry.ts";

/** What is read of an oclif plugin. */
export interface InstalledPlugin {
  readonly name: string;
  readonly version: string;
  readonly root: string;
  readonly pjson: object;
}

/**
 * Collects what the installed plugins say they give, by their package.json alone. Bad data never
 * throws: it becomes a problem, and the rest goes on.
 */
export function readRegistry(plugins: Iterable<InstalledPlugin>): Registry {
  const sinks = new Map<string, Provided<never>[]>();
  const auth = new Map<string, Provided<never>[]>();
  const problems: string[] = [];
  // oclif loads plugins side by side, so they come in no fixed order.
  for (const plugin of [...plugins].sort((a, b) => a.name.localeCompare(b.name, "en"))) {
    const found = (plugin.pjson as { readonly decant?: unknown }).decant;
    if (found === undefined) continue;
    try {
      const data = checkPluginData(found);
      collect(sinks, plugin, data.sinks);
      collect(auth, plugin, data.auth);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problems.push(escapeControls(`Plugin "${plugin.name}" is left out: its data ${reason}`));
    }
  }
  const conflicts = new Map<string, readonly string[]>();
  return {
    sinks: single("sink", sinks, conflicts),
    auth: single("auth", auth, conflicts),
    conflicts,
    problems: problems.concat(describe(conflicts)),
  };
}

function collect<Entry>(
  into: Map<string, Provided<Entry>[]>,
  plugin: InstalledPlugin,
  given: Readonly<Record<string, unknown>> = {},
): void {
  for (const [name, entry] of Object.entries(given)) {
    const { name: from, version, root } = plugin;
    const provided = { name, entry: entry as Entry, plugin: from, version, root };
    into.set(name, [...(into.get(name) ?? []), provided]);
  }
}

function single<Entry>(
  kind: string,
  all: ReadonlyMap<string, readonly Provided<Entry>[]>,
  conflicts: Map<string, readonly string[]>,
): Map<string, Provided<Entry>> {
  const result = new Map<string, Provided<Entry>>();
  for (const [name, givers] of [...all].sort(([a], [b]) => a.localeCompare(b, "en"))) {
    if (givers.length === 1) result.set(name, givers[0]!);
    else
      conflicts.set(
        `${kind} ${name}`,
        givers.map(({ plugin }) => plugin),
      );
  }
  return result;
}

function describe(conflicts: ReadonlyMap<string, readonly string[]>): string[] {
  return [...conflicts].map(
    ([what, plugins]) =>
      `The ${what} is left out: plugins ${plugins.join(" and ")} both give it, uninstall one`,
  );
}
