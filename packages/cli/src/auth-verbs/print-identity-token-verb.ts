import type { AuthVerb } from "./auth-verb.ts";
import { onlyToken, pickPrinting, printingFlags } from "./printing-flags.ts";

/** `auth NAME print-identity-token`. */
export const printIdentityTokenVerb: AuthVerb = {
  name: "print-identity-token",
  summary: "Print an identity token",
  description: `It tells the audience who calls. ${onlyToken}`,
  examples: [" --audience https://service.example.com"],
  flags: {
    audience: {
      name: "audience",
      type: "option",
      description: "Whom the token is for, such as the address of a service",
      required: true,
    },
    ...printingFlags,
  },
  async run(provided, { given, flags }) {
    const { printIdentityToken } = await import("../auth/print-identity-token.ts");
    const audience = flags["audience"] as string;
    await printIdentityToken(provided, { given, audience, ...pickPrinting(flags) });
  },
};
