import { describeFlags } from "../plugins/option-flags.ts";
import { serveOptions } from "../serve/serve-options.ts";
import type { AuthVerb } from "./auth-verb.ts";
import { switchFlag } from "./flags.ts";

/** `auth NAME serve`. */
export const serveVerb: AuthVerb = {
  name: "serve",
  summary: "Serve tokens as Google's metadata server does",
  description:
    "Google's libraries and gcloud get tokens from it, with no key on their side. It ends with SIGTERM. " +
    "Beyond this machine it needs a shared secret, in --secret-file or DECANT_SERVE_SECRET.",
  examples: ["", " --listen unix:/run/tokens.sock", " --print-env"],
  flags: {
    ...describeFlags(serveOptions, { prefix: "" }),
    "print-env": switchFlag(
      "print-env",
      "Print the variables that lead clients here, for eval, and do not serve",
    ),
  },
  async run(provided, input) {
    const { serveTokens } = await import("../serve/serve-tokens.ts");
    await serveTokens(provided, input);
  },
};
