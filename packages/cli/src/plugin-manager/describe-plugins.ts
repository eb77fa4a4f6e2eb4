import { escapeControls } from "@decant/core";
import type { Registry } from "../plugins/registry.ts";
import { formatTable } from "../text/format-table.ts";
import type { StoredPlugin } from "./plugin-store.ts";

/** A plugin with what is known of it now. */
export interface DescribedPlugin extends StoredPlugin {
  /** Nothing where it is broken. */
  readonly version: string | undefined;
  readonly sinks: readonly string[];
  readonly auth: readonly string[];
}

/** Puts together what is stored of plugins and what of them is in use. */
export function describePlugins(
  stored: readonly StoredPlugin[],
  { registry, versions }: { registry: Registry; versions: ReadonlyMap<string, string> },
): readonly DescribedPlugin[] {
  return stored.map((plugin) => ({
    ...plugin,
    version: versions.get(plugin.name),
    sinks: namesOf(registry.sinks, plugin.name),
    auth: namesOf(registry.auth, plugin.name),
  }));
}

/** Lists plugins for people, one a line. */
export function formatPlugins(plugins: readonly DescribedPlugin[]): string {
  if (plugins.length === 0) return 'No plugins. "decant plugins install NAME" adds one.';
  return formatTable(
    plugins.map((plugin) => [
      plugin.name,
      plugin.version ?? "broken",
      describeGifts(plugin),
      plugin.source === "registry" ? "" : `(${plugin.source} ${plugin.spec})`,
    ]),
  );
}

/** Says in words what a plugin gives. */
export function describeGifts({ sinks, auth }: Pick<DescribedPlugin, "sinks" | "auth">): string {
  const parts = [
    sinks.length > 0 && `${sinks.length === 1 ? "sink" : "sinks"} ${sinks.join(", ")}`,
    auth.length > 0 && `${auth.length === 1 ? "provider" : "providers"} ${auth.join(", ")}`,
  ];
  return escapeControls(parts.filter(Boolean).join("; ") || "nothing in use");
}

function namesOf(
  provided: ReadonlyMap<string, { readonly plugin: string }>,
  plugin: string,
): string[] {
  return [...provided].filter(([, { plugin: giver }]) => giver === plugin).map(([name]) => name);
}
