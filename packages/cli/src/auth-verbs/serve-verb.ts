import type { AuthVerb } from "./auth-verb.ts";
import { listFlag, switchFlag } from "./flags.ts";

/** `auth NAME serve`. */
export const serveVerb: AuthVerb = {
  name: "serve",
  summary: "Serve tokens as Google's metadata server does",
  description:
    "Google's libraries and gcloud get tokens from it, with no key on their side. It ends with SIGTERM. " +
    "Beyond this machine it needs a shared secret, in DECANT_SERVE_SECRET.",
  examples: ["", " --listen unix:/run/tokens.sock", " --print-env"],
  flags: {
    listen: {
      name: "listen",
      type: "option",
      description: "Host and port, or unix: and the path of a socket",
      default: "127.0.0.1:8178",
    },
    scopes: listFlag("scopes", "The scopes of a token when a client names none"),
    "allow-scopes": listFlag("allow-scopes", "The only scopes that clients get"),
    "allow-audiences": listFlag("allow-audiences", "The only audiences of identity tokens"),
    "allow-hosts": listFlag("allow-hosts", "Names, besides its own, by which clients may call it"),
    "print-env": switchFlag(
      "print-env",
      "Print the variables that lead clients here, for eval, and do not serve",
    ),
  },
  async run(provided, { given, flags }) {
    const { serveTokens } = await import("../serve/serve-tokens.ts");
    const texts = (name: string) => (flags[name] ?? []) as readonly string[];
    await serveTokens(provided, {
      given,
      listen: flags["listen"] as string,
      scopes: texts("scopes"),
      allowScopes: texts("allow-scopes"),
      allowAudiences: texts("allow-audiences"),
      allowHosts: texts("allow-hosts"),
      printEnv: flags["print-env"] === true,
    });
  },
};
