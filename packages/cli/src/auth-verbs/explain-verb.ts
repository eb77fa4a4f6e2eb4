import type { AuthVerb } from "./auth-verb.ts";
import { switchFlag } from "./flags.ts";

/** `auth NAME explain`. */
export const explainVerb: AuthVerb = {
  name: "explain",
  summary: "Tell which credential is used, and why",
  description: "It asks no server unless --check is given, and shows no secret.",
  examples: ["", " --check --json"],
  flags: {
    check: switchFlag("check", "Ask the server for a token, and tell of it all but the token"),
    json: switchFlag("json", "As JSON"),
  },
  async run(provided, { given, flags }) {
    const { explain } = await import("../auth/explain.ts");
    await explain(provided, {
      ...{ given, json: flags["json"] === true, check: flags["check"] === true },
    });
  },
};
