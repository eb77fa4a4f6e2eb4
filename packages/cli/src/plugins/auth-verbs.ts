import type { AuthVerb } from "../auth-verbs/auth-verb.ts";
import { explainVerb } from "../auth-verbs/explain-verb.ts";
import { helperVerbs } from "../auth-verbs/helper-verbs.ts";
import { printIdentityTokenVerb } from "../auth-verbs/print-identity-token-verb.ts";
import { printTokenVerb } from "../auth-verbs/print-token-verb.ts";
import { revokeVerb } from "../auth-verbs/revoke-verb.ts";
import { serveVerb } from "../auth-verbs/serve-verb.ts";

/** The commands that auth providers have. */
export const authVerbs: readonly AuthVerb[] = [
  printTokenVerb,
  printIdentityTokenVerb,
  explainVerb,
  revokeVerb,
  ...helperVerbs,
  serveVerb,
];

/** Names that a provider's options cannot have. */
export const takenNames: ReadonlySet<string> = new Set([
  "help",
  ...authVerbs.flatMap(({ flags }) => Object.keys(flags)),
]);

/** Letters that a provider's options cannot have. */
export const takenLetters: readonly string[] = ["s", "h"];
