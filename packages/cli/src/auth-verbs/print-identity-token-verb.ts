import type { AuthVerb } from "./auth-verb.ts";
import { switchFlag } from "./flags.ts";
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
    "token-format": {
      name: "token-format",
      type: "option",
      description:
        "Whether it tells of the machine too (full), where the credential is a machine's",
      options: ["standard", "full"],
      default: "standard",
    },
    "include-license": switchFlag(
      "include-license",
      "With a full one: name the licences of the machine",
    ),
    ...printingFlags,
  },
  async run(provided, { given, flags, installed }) {
    const { printIdentityToken } = await import("../auth/print-identity-token.ts");
    const audience = flags["audience"] as string;
    const claims = {
      format: flags["token-format"] as "standard" | "full",
      licenses: flags["include-license"] === true,
    };
    await printIdentityToken(provided, {
      ...{ given, installed, audience, claims },
      ...pickPrinting(flags),
    });
  },
};
