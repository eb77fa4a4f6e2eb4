import type { AuthEntry } from "@decant/core";
import { Args, Command, Flags } from "@oclif/core";
import type { AuthVerb } from "../auth-verbs/auth-verb.ts";
import { takenLetters } from "./auth-verbs.ts";
import { installedFiles } from "./installed-files.ts";
import { optionFlags, pickOptions } from "./option-flags.ts";
import type { Provided } from "./registry.ts";

/** Makes the command `auth NAME VERB` of a provider. */
export function authCommand(provided: Provided<AuthEntry>, verb: AuthVerb): Command.Class {
  const options = provided.entry.options ?? {};
  const flags: Record<string, Command.Flag> = {
    ...optionFlags(options, { prefix: "", taken: takenLetters }),
    ...Object.fromEntries(
      Object.entries(verb.flags).map(([name, flag]) => [name, parseable(flag)]),
    ),
  };

  const args = Object.fromEntries(
    // Standard input is for the helpers of other programs, and never an argument.
    Object.entries(verb.args ?? {}).map(([name, arg]) => [
      name,
      Args.string({ ...(arg as { readonly description?: string }), ignoreStdin: true }),
    ]),
  );

  class AuthCommand extends Command {
    static override readonly id = `auth:${provided.name}:${verb.name}`;
    static override readonly flags = flags;

    async run(): Promise<void> {
      const parsed = await this.parse({ flags, args });
      await verb.run(provided, {
        given: pickOptions(parsed.flags, options, ""),
        flags: parsed.flags,
        args: parsed.args,
        installed: installedFiles(this.config),
      });
    }
  }
  return AuthCommand as Command.Class;
}

/** A flag that oclif can parse, of one that is described. */
function parseable(flag: Command.Flag.Cached): Command.Flag {
  // What is described is what `Flags` takes, but for functions, which only the latter has.
  if (flag.type === "boolean") return Flags.boolean(flag as object);
  return Flags.string(flag as Parameters<typeof Flags.string>[0] & { readonly multiple: true });
}
