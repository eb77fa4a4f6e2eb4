import type { AuthEntry, OptionValue } from "@decant/core";
import type { Command } from "@oclif/core";
import type { Provided } from "../plugins/registry.ts";

/** What a command of a provider was given. */
export interface VerbInput {
  /** The provider's own options. */
  readonly given: Readonly<Record<string, OptionValue>>;
  /** The flags of the verb, as parsed. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** Its arguments by name. */
  readonly args: Readonly<Record<string, string | undefined>>;
  /** The files that decide which plugins there are, and what they give. Absent: it is not sure. */
  readonly installed: readonly string[] | undefined;
}

/** A command that auth providers have. */
export interface AuthVerb {
  /** Words of the command with colons between, as oclif has them. */
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** What stands behind the verb in examples. */
  readonly examples: readonly string[];
  /** What stands behind it, in order. */
  readonly args?: Readonly<Record<string, Command.Arg.Cached>>;
  /** A provider's options may not take their names. */
  readonly flags: Readonly<Record<string, Command.Flag.Cached>>;
  /** Whether a provider has the command. Absent: each has it. */
  isFor?(entry: AuthEntry): boolean;
  run(provided: Provided<AuthEntry>, input: VerbInput): Promise<void>;
}
