import { type AuthEntry, DecantError, type SinkEntry } from "@decant/core";
import type { Provided, Registry } from "./registry.ts";

/**
 * Finds the sink of a name.
 *
 * @throws {DecantError} `SINK_UNKNOWN`, or `PLUGIN_CONFLICT` where several plugins give it.
 */
export function findSink(registry: Registry, name: string): Provided<SinkEntry> {
  return find(registry, { kind: "sink", name, from: registry.sinks });
}

/**
 * Finds the auth provider of a name.
 *
 * @throws {DecantError} `PROVIDER_UNKNOWN`, or `PLUGIN_CONFLICT` where several plugins give it.
 */
export function findProvider(registry: Registry, name: string): Provided<AuthEntry> {
  return find(registry, { kind: "auth", name, from: registry.auth });
}

interface Search<Entry> {
  readonly kind: "sink" | "auth";
  readonly name: string;
  readonly from: ReadonlyMap<string, Provided<Entry>>;
}

function find<Entry>(registry: Registry, { kind, name, from }: Search<Entry>): Provided<Entry> {
  const found = from.get(name);
  if (found) return found;
  const givers = registry.conflicts.get(`${kind} ${name}`);
  if (givers) {
    throw new DecantError(
      "PLUGIN_CONFLICT",
      `Cannot use "${name}": plugins ${givers.join(" and ")} both give it`,
      { kind: "usage", hint: 'Uninstall one of them with "decant plugins uninstall".' },
    );
  }
  const names = [...from.keys()].join(", ");
  const hint = `There is ${names || "none"}. Others come as plugins: "decant plugins install NAME".`;
  if (kind === "sink") {
    throw new DecantError("SINK_UNKNOWN", `Cannot find the sink "${name}"`, {
      kind: "usage",
      hint,
    });
  }
  throw new DecantError("PROVIDER_UNKNOWN", `Cannot find the auth provider "${name}"`, {
    kind: "usage",
    hint,
  });
}
