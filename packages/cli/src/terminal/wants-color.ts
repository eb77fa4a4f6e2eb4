/** What decides on colours. */
export interface ColorInputs {
  readonly terminal: boolean;
  env(name: string): string | undefined;
}

/**
 * Tells whether to colour what goes to a stream: `NO_COLOR` (no-color.org) wins, then `FORCE_COLOR`,
 * then whether it is a terminal that can.
 */
export function wantsColor({ terminal, env }: ColorInputs): boolean {
  if (env("NO_COLOR")) return false;
  const force = env("FORCE_COLOR");
  if (force) return force !== "0" && force !== "false";
  return terminal && env("TERM") !== "dumb";
}
