import type { Command } from "@oclif/core";
import { type TokenFormat, tokenFormats } from "../plugins/token-formats.ts";
import { pickToken, tokenFlags } from "./flags.ts";

/** How a token is printed. */
export const printingFlags: Readonly<Record<string, Command.Flag.Cached>> = {
  ...tokenFlags,
  format: {
    name: "format",
    type: "option",
    description: "The bare token, an HTTP header, JSON, or lines that a shell can eval",
    options: [...tokenFormats],
    default: "token",
  },
};

/** What the commands that print tokens say of it. */
export const onlyToken =
  "Only the token and a line break go to standard output. Secrets are never taken as flags.";

/** What the flags say of how a token is printed. */
export function pickPrinting(flags: Readonly<Record<string, unknown>>) {
  return { ...pickToken(flags), format: flags["format"] as TokenFormat };
}
