import { DecantError } from "@decant/core";
import type { Settings } from "./settings.ts";

/**
 * Checks scopes (RFC 6749, section 3.3) and sorts them.
 *
 * @throws {DecantError} `OIDC_SCOPE_INVALID`
 */
export function checkScopes(scopes: readonly string[]): string[] {
  const odd = scopes.find((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope));
  if (odd === undefined) return [...new Set(scopes)].sort();
  throw new DecantError("OIDC_SCOPE_INVALID", `Cannot ask for the scope ${JSON.stringify(odd)}`, {
    kind: "usage",
    hint: "A scope has no spaces, quotes or letters beyond ASCII.",
  });
}

/**
 * Checks an audience: a resource must be an address (RFC 8707, section 2).
 *
 * @throws {DecantError} `OIDC_AUDIENCE_INVALID`
 */
export function checkAudience(audience: string | undefined, settings: Settings): void {
  if (audience === undefined) return;
  const isResource = URL.canParse(audience) && !audience.includes("#");
  if (audience !== "" && (settings.audienceParameter === "audience" || isResource)) return;
  throw new DecantError(
    "OIDC_AUDIENCE_INVALID",
    `Cannot ask for the audience ${JSON.stringify(audience)}: it is no absolute URI`,
    { kind: "usage", hint: "Give one, or send it by another name: --audience-parameter audience" },
  );
}

/**
 * Checks the audience of an ID token (OpenID Connect Core 1.0, section 2).
 *
 * @throws {DecantError} `OIDC_AUDIENCE_UNSUPPORTED`
 */
export function checkIdAudience(audience: string, clientId: string): void {
  if (audience === clientId) return;
  throw new DecantError(
    "OIDC_AUDIENCE_UNSUPPORTED",
    `Cannot get an identity token for "${audience}": those of OpenID are for their client alone`,
    { kind: "usage", hint: `Ask for the audience ${clientId}, or for a token with print-token.` },
  );
}
