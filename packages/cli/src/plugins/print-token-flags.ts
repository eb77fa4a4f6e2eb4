import type { Command } from "@oclif/core";

/** The forms in which a token is printed. */
export const tokenFormats = ["token", "header", "json", "env"] as const;

/** The flags that every `print-token` has. A provider's options may not take their names. */
export const printTokenFlags: Readonly<Record<string, Command.Flag.Cached>> = {
  scopes: {
    name: "scopes",
    type: "option",
    char: "s",
    description: "What the token is for, several times or with commas",
    multiple: true,
    multipleNonGreedy: true,
  },
  audience: {
    name: "audience",
    type: "option",
    description: "Whom the token is for, where the provider knows audiences",
  },
  "min-ttl": {
    name: "min-ttl",
    type: "option",
    description: "How long the token must still live, such as 5m",
  },
  format: {
    name: "format",
    type: "option",
    description: "The bare token, an HTTP header, JSON, or lines that a shell can eval",
    options: [...tokenFormats],
    default: "token",
  },
};

/** Letters that a provider's options cannot have. */
export const takenLetters: readonly string[] = ["s", "h"];
