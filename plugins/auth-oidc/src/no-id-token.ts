import type { DecantError } from "@decant/core";
import { oidcError } from "./oidc-error.ts";

/** Says that a sign-in brings no ID token. */
export function noIdToken(server: string): DecantError {
  return oidcError(server, {
    ...{ code: "OIDC_ID_TOKEN_MISSING", action: "get an identity token of" },
    state: "it gives none with this sign-in",
    hint: "Sign in with the scope openid at an OpenID provider, named with --issuer.",
  });
}
