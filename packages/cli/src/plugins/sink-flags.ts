import { DecantError, type OptionValue } from "@decant/core";
import type { Command } from "@oclif/core";
import { optionFlags, pickOptions } from "./option-flags.ts";
import type { Registry } from "./registry.ts";

/**
 * Makes the flags of all sinks. Names hold the sink's, so they do not meet; short forms would, so
 * there are none.
 */
export function allSinkFlags({ sinks }: Registry): Record<string, Command.Flag> {
  const flags: Record<string, Command.Flag> = {};
  for (const { name, entry } of sinks.values()) {
    Object.assign(flags, optionFlags(entry.options ?? {}, { prefix: `${name}-` }));
  }
  return flags;
}

/**
 * Picks the options of the chosen sink out of parsed flags.
 *
 * @throws {DecantError} `OPTION_UNUSED` when a flag of another sink was given.
 */
export function sinkOptions(
  { sinks }: Registry,
  { sink, flags }: { readonly sink: string; readonly flags: Readonly<Record<string, unknown>> },
): Record<string, OptionValue> {
  let chosen: Record<string, OptionValue> = {};
  for (const { name, entry } of sinks.values()) {
    const given = pickOptions(flags, entry.options ?? {}, `${name}-`);
    if (name === sink) {
      chosen = given;
      continue;
    }
    const [unused] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
    if (unused === undefined) continue;
    throw new DecantError(
      "OPTION_UNUSED",
      `Cannot use "--${name}-${unused}": the sink is "${sink}"`,
      {
        kind: "usage",
        hint: `Leave it out, or choose its sink with --sink ${name}.`,
      },
    );
  }
  return chosen;
}
