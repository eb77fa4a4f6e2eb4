import type { OptionValue } from "@decant/core";

const delimiters = new Map<OptionValue, string>([
  ["comma", ","],
  ["semicolon", ";"],
  ["tab", "\t"],
  ["pipe", "|"],
]);

/** What stands between two cells, as the option `delimiter` names it. */
export function delimiterOf(options: Readonly<Record<string, OptionValue>>): string {
  return delimiters.get(options["delimiter"]) ?? ",";
}
