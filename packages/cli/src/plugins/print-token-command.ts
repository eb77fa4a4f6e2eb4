import type { AuthEntry } from "@decant/core";
import { Command, Flags } from "@oclif/core";
import { describePrintToken } from "./describe-print-token.ts";
import { optionFlags, pickOptions } from "./option-flags.ts";
import { takenLetters, tokenFormats } from "./print-token-flags.ts";
import type { Provided } from "./registry.ts";

/** Makes the command `auth NAME print-token` of a provider. */
export function printTokenCommand(provided: Provided<AuthEntry>): Command.Class {
  const { id } = describePrintToken(provided);
  const options = provided.entry.options ?? {};
  const flags = {
    ...optionFlags(options, { prefix: "", taken: takenLetters }),
    scopes: Flags.string({ char: "s", multiple: true, multipleNonGreedy: true }),
    audience: Flags.string(),
    "min-ttl": Flags.string(),
    format: Flags.option({ options: tokenFormats, default: "token" as const })(),
  };

  class PrintToken extends Command {
    static override readonly id = id;
    static override readonly flags = flags;

    async run(): Promise<void> {
      const { flags: values } = await this.parse({ flags, args: {} });
      const { printToken } = await import("../auth/print-token.ts");
      await printToken(provided, {
        given: pickOptions(values, options, ""),
        scopes: values.scopes ?? [],
        audience: values.audience,
        minTtl: values["min-ttl"],
        format: values.format,
      });
    }
  }
  return PrintToken as Command.Class;
}
