import type { Command } from "@oclif/core";

/** A flag that takes several values, at once with commas or one by one. */
export function listFlag(name: string, description: string): Command.Flag.Cached {
  return { name, type: "option", description, multiple: true, multipleNonGreedy: true };
}

/** A flag that is there or not. */
export function switchFlag(name: string, description: string): Command.Flag.Cached {
  return { name, type: "boolean", description, allowNo: false };
}

/** The scopes that a token is asked for. */
export const scopesFlag: Command.Flag.Cached = {
  ...listFlag("scopes", "What the token is for, several times or with commas"),
  char: "s",
};

/** Which token is taken. */
export const tokenFlags: Readonly<Record<string, Command.Flag.Cached>> = {
  "min-ttl": {
    name: "min-ttl",
    type: "option",
    description: "How long the token must still live, such as 5m",
  },
  "no-cache": switchFlag("no-cache", "Ask for a new token, and keep it nowhere"),
};

/** The values of a list, whether they were given at once or one by one. */
export function listOf(value: unknown): readonly string[] {
  const texts = (value ?? []) as readonly string[];
  return texts.flatMap((text) => text.split(/[\s,]+/)).filter(Boolean);
}

/** What the flags say of the token that is taken. */
export function pickToken(flags: Readonly<Record<string, unknown>>) {
  return {
    minTtl: flags["min-ttl"] as string | undefined,
    cache: flags["no-cache"] !== true,
  };
}
