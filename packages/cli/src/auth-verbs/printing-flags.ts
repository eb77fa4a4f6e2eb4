import type { Command } from "@oclif/core";
import { type TokenFormat, tokenFormats } from "../plugins/token-formats.ts";
import { pickToken, tokenFlags } from "./flags.ts";

/** How a token is printed. */
export const printingFlags: Readonly<Record<string, Command.Flag.Cached>> = {
  ...tokenFlags,
  format: {
    name: "format",
    type: "option",
    description: "The bare token, an HTTP header, a line for curl -K -, JSON, or lines for eval",
    options: [...tokenFormats],
    default: "token",
  },
  "header-file": {
    name: "header-file",
    type: "option",
    description: "Write the header to a file for you alone, as curl -H @FILE takes it",
    exclusive: ["format"],
  },
};

/** What the commands that print tokens say of it. */
export const onlyToken =
  "Only the token and a line break go to standard output. Secrets are never taken as flags.";

/** What the flags say of how a token is printed. */
export function pickPrinting(flags: Readonly<Record<string, unknown>>) {
  return {
    ...pickToken(flags),
    format: flags["format"] as TokenFormat,
    headerFile: flags["header-file"] as string | undefined,
  };
}
