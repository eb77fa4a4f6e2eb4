import type { AuthVerb } from "./auth-verb.ts";
import { switchFlag } from "./flags.ts";

/** `auth NAME revoke`. */
export const revokeVerb: AuthVerb = {
  name: "revoke",
  summary: "Take the credential back at the server, so that it gets no more tokens",
  description:
    "It asks nothing first: explain says which credential it is. All tokens that were kept are removed. Files are left alone.",
  examples: ["", " --json"],
  flags: { json: switchFlag("json", "Print what was revoked as JSON") },
  async run(provided, { given, flags }) {
    const { revoke } = await import("../auth/revoke.ts");
    await revoke(provided, { given, json: flags["json"] === true });
  },
};
