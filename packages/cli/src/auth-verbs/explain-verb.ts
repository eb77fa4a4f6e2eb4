import type { AuthVerb } from "./auth-verb.ts";
import { switchFlag } from "./flags.ts";

/** `auth NAME explain`. */
export const explainVerb: AuthVerb = {
  name: "explain",
  summary: "Tell which credential is used, and why",
  description: "It asks no server and shows no secret.",
  examples: ["", " --json"],
  flags: { json: switchFlag("json", "As JSON") },
  async run(provided, { given, flags }) {
    const { explain } = await import("../auth/explain.ts");
    await explain(provided, { given, json: flags["json"] === true });
  },
};
