import { type AuthEntry, escapeControls, type SinkEntry } from "@decant/core";
import { checkPluginData } from "./check-plugin-data.ts";
import type { Provided, Registry } from "./registry.ts";

/** What is read of an oclif plugin. */
export interface InstalledPlugin {
  readonly name: string;
  /** `core` for those that come with the program. */
  readonly type: string;
  readonly version: string;
  readonly root: string;
  readonly pjson: object;
}

/**
 * Collects what the installed plugins say they give, by their package.json alone. Bad data never
 * throws: it becomes a problem, and the rest goes on.
 */
export function readRegistry(plugins: Iterable<InstalledPlugin>): Registry {
  const sinks = new Map<string, Provided<SinkEntry>[]>();
  const auth = new Map<string, Provided<AuthEntry>[]>();
  const problems: string[] = [];
  // oclif loads plugins side by side, so they come in no fixed order.
  for (const plugin of [...plugins].sort((a, b) => a.name.localeCompare(b.name, "en"))) {
    const found = (plugin.pjson as { readonly decant?: unknown }).decant;
    if (found === undefined) continue;
    try {
      const data = checkPluginData(found);
      collect(sinks, plugin, data.sinks);
      collect(auth, plugin, data.auth);
      for (const problem of data.problems)
        problems.push(`Part of plugin "${plugin.name}" is left out: ${problem}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problems.push(`Plugin "${plugin.name}" is left out: its data ${reason}`);
    }
  }
  const conflicts = new Map<string, readonly string[]>();
  return {
    sinks: single(sinks, { kind: "sink", conflicts, problems }),
    auth: single(auth, { kind: "auth", conflicts, problems }),
    conflicts,
    problems: problems.concat(describe(conflicts)).map(escapeControls),
  };
}

function collect<Entry>(
  into: Map<string, Provided<Entry>[]>,
  plugin: InstalledPlugin,
  given: ReadonlyMap<string, Entry>,
): void {
  for (const [name, entry] of given) {
    const { name: from, version, root } = plugin;
    const provided = { name, entry, plugin: from, builtIn: plugin.type === "core", version, root };
    into.set(name, [...(into.get(name) ?? []), provided]);
  }
}

interface Found {
  readonly kind: string;
  readonly conflicts: Map<string, readonly string[]>;
  readonly problems: string[];
}

/** Of several with one name the built-in one wins: an installed plugin must not disable it. */
function single<Entry>(
  all: ReadonlyMap<string, readonly Provided<Entry>[]>,
  { kind, conflicts, problems }: Found,
): Map<string, Provided<Entry>> {
  const result = new Map<string, Provided<Entry>>();
  for (const [name, givers] of [...all].sort(([a], [b]) => a.localeCompare(b, "en"))) {
    const builtIn = givers.find((giver) => giver.builtIn);
    const winner = builtIn ?? (givers.length === 1 ? givers[0] : undefined);
    const names = givers.filter((giver) => giver !== winner).map(({ plugin }) => plugin);
    if (!winner) conflicts.set(`${kind} ${name}`, names);
    else result.set(name, winner);
    if (builtIn) {
      for (const plugin of names)
        problems.push(`The ${kind} ${name} of plugin "${plugin}" is left out: decant has its own`);
    }
  }
  return result;
}

function describe(conflicts: ReadonlyMap<string, readonly string[]>): string[] {
  return [...conflicts].map(
    ([what, plugins]) =>
      `The ${what} is left out: plugins ${plugins.join(" and ")} both give it, uninstall one`,
  );
}
