import type { AuthEntry } from "@decant/core";
import type { Command } from "@oclif/core";
import type { AuthVerb } from "../auth-verbs/auth-verb.ts";
import { takenLetters } from "./auth-verbs.ts";
import { helpText } from "./help-text.ts";
import { describeFlags } from "./option-flags.ts";
import type { Provided } from "./registry.ts";

/** Describes the command `auth NAME VERB` of a provider from data alone, as a manifest would. */
export function describeAuthCommand(
  { name, entry }: Provided<AuthEntry>,
  verb: AuthVerb,
): Command.Cached {
  const words = verb.name.replaceAll(":", " ");
  return {
    id: `auth:${name}:${verb.name}`,
    summary: `${verb.summary}: ${helpText(entry.summary)}`,
    description: verb.description,
    examples: verb.examples.map((rest) => `<%= config.bin %> auth ${name} ${words}${rest}`),
    args: structuredClone(verb.args ?? {}),
    flags: {
      ...describeFlags(entry.options ?? {}, {
        prefix: "",
        taken: takenLetters,
        group: `PROVIDER ${name}`,
      }),
      ...structuredClone(verb.flags),
    },
    aliases: [],
    hiddenAliases: [],
    hidden: false,
    strict: true,
  };
}
