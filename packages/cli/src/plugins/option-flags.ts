import type { OptionSpec, OptionValue } from "@decant/core";
import type { Command } from "@oclif/core";
import * as Flags from "@oclif/core/flags";
import { helpText } from "./help-text.ts";

type Specs = Readonly<Record<string, OptionSpec>>;

/** How the options of one sink or provider become flags. */
export interface FlagNaming {
  /** Stands before each name, such as `parquet-`. */
  readonly prefix: string;
  /** Letters that other flags use. Absent: no option has a short form. */
  readonly taken?: readonly string[];
  /** The heading in the help. */
  readonly group?: string;
}

/**
 * Makes flags that oclif can parse. Choices, bounds, variables and defaults are left to
 * `resolveOptions`, which also checks what comes from a variable or a state file.
 */
export function optionFlags(specs: Specs, naming: FlagNaming): Record<string, Command.Flag> {
  const flags: Record<string, Command.Flag> = {};
  for (const [name, spec] of visible(specs)) {
    const shared = { description: spec.summary, ...charOf(spec, naming) };
    flags[naming.prefix + name] =
      spec.type === "boolean"
        ? Flags.boolean({ ...shared, allowNo: true })
        : spec.type === "strings"
          ? Flags.string({ ...shared, multiple: true, multipleNonGreedy: true })
          : Flags.string(shared);
  }
  return flags;
}

/** Describes the same flags for the help and the completion of a shell. */
export function describeFlags(
  specs: Specs,
  naming: FlagNaming,
): Record<string, Command.Flag.Cached> {
  const flags: Record<string, Command.Flag.Cached> = {};
  for (const [name, spec] of visible(specs)) {
    const shared = {
      name: naming.prefix + name,
      description: helpText(spec.summary),
      ...charOf(spec, naming),
      ...(naming.group === undefined ? {} : { helpGroup: naming.group }),
      ...(spec.env === undefined ? {} : { env: spec.env }),
    };
    flags[shared.name] =
      spec.type === "boolean"
        ? { ...shared, type: "boolean", allowNo: true }
        : {
            ...shared,
            type: "option",
            multiple: spec.type === "strings",
            ...(spec.type === "strings" ? { multipleNonGreedy: true } : {}),
            ...(spec.choices ? { options: spec.choices.map(helpText) } : {}),
            ...(spec.default === undefined ? {} : { default: helpText(String(spec.default)) }),
          };
  }
  return flags;
}

/** Picks the values of one sink's or provider's options out of parsed flags. */
export function pickOptions(
  flags: Readonly<Record<string, unknown>>,
  specs: Specs,
  prefix: string,
): Record<string, OptionValue> {
  return Object.fromEntries(
    visible(specs).map(([name]) => [name, flags[prefix + name] as OptionValue]),
  );
}

function visible(specs: Specs): [string, OptionSpec][] {
  return Object.entries(specs).filter(([, spec]) => !spec.secret);
}

function charOf({ char }: OptionSpec, { taken }: FlagNaming): { char?: "a" } {
  // oclif types its letters one by one; which one it is was checked with the plugin's data.
  return char === undefined || taken === undefined || taken.includes(char)
    ? {}
    : { char: char as "a" };
}
