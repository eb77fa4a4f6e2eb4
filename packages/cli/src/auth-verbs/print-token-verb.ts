import type { AuthVerb } from "./auth-verb.ts";
import { listOf, scopesFlag } from "./flags.ts";
import { onlyToken, pickPrinting, printingFlags } from "./printing-flags.ts";

/** `auth NAME print-token`. */
export const printTokenVerb: AuthVerb = {
  name: "print-token",
  summary: "Print a token",
  description: onlyToken,
  examples: ["", " --format json", " --format curl-config | curl -K - https://example.com"],
  flags: {
    scopes: scopesFlag,
    audience: {
      name: "audience",
      type: "option",
      description: "Whom the token is for, where the provider knows audiences",
    },
    ...printingFlags,
  },
  async run(provided, { given, flags, installed }) {
    const { printToken } = await import("../auth/print-token.ts");
    await printToken(provided, {
      given,
      installed,
      scopes: listOf(flags["scopes"]),
      audience: flags["audience"] as string | undefined,
      ...pickPrinting(flags),
    });
  },
};
