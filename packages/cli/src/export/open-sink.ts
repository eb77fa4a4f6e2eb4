import type { OptionValue, SinkEntry, SinkPlugin } from "@decant/core";
import { readEnv } from "../config/read-env.ts";
import { findSink } from "../plugins/find-provided.ts";
import { loadSink } from "../plugins/load-plugin.ts";
import type { Registry } from "../plugins/registry.ts";
import { resolveOptions } from "../plugins/resolve-options.ts";

/** A chosen sink with its options. */
export interface ChosenSink {
  readonly entry: SinkEntry;
  readonly plugin: SinkPlugin;
  /** The options that may be stored. */
  readonly options: Readonly<Record<string, OptionValue>>;
}

/**
 * Loads a sink and checks its options. Those marked secret come from the environment; they are
 * given to the sink in each run, and kept out of what is stored.
 *
 * @param given Options by name, from flags or from a state.
 */
export async function openSink(
  registry: Registry,
  { name, given }: { readonly name: string; readonly given: Readonly<Record<string, OptionValue>> },
): Promise<ChosenSink> {
  const provided = findSink(registry, name);
  const specs = provided.entry.options ?? {};
  const label = (option: string) => `--${name}-${option}`;
  const all = resolveOptions(specs, { given, env: readEnv, label });
  const split = (secret: boolean) =>
    Object.fromEntries(
      Object.entries(all).filter(([option]) => (specs[option]?.secret ?? false) === secret),
    );
  const plugin = await loadSink(provided);
  return { entry: provided.entry, plugin: withSecrets(plugin, split(true)), options: split(false) };
}

function withSecrets(
  plugin: SinkPlugin,
  secrets: Readonly<Record<string, OptionValue>>,
): SinkPlugin {
  if (Object.keys(secrets).length === 0) return plugin;
  return {
    ...plugin,
    open: (options) => plugin.open({ ...options, options: { ...options.options, ...secrets } }),
    ...(plugin.read && {
      read: (options) => plugin.read!({ ...options, options: { ...options.options, ...secrets } }),
    }),
  };
}
