import type { AuthEntry } from "@decant/core";
import type { Command } from "@oclif/core";
import { helpText } from "./help-text.ts";
import { describeFlags } from "./option-flags.ts";
import { printTokenFlags, takenLetters } from "./print-token-flags.ts";
import type { Provided } from "./registry.ts";

/** Describes a provider's `print-token` from data alone, as a manifest would. */
export function describePrintToken({ name, entry }: Provided<AuthEntry>): Command.Cached {
  return {
    id: `auth:${name}:print-token`,
    summary: `Print a token: ${helpText(entry.summary)}`,
    description:
      "Only the token and a line break go to standard output. Secrets are never taken as flags.",
    examples: [
      `<%= config.bin %> auth ${name} print-token`,
      `<%= config.bin %> auth ${name} print-token --format json`,
    ],
    args: {},
    flags: {
      ...describeFlags(entry.options ?? {}, {
        prefix: "",
        taken: takenLetters,
        group: `PROVIDER ${name}`,
      }),
      ...structuredClone(printTokenFlags),
    },
    aliases: [],
    hiddenAliases: [],
    hidden: false,
    strict: true,
  };
}
