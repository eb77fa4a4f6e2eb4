import { DecantError } from "@decant/core";
import type { Sentryclirc } from "./read-sentryclirc.ts";
import { defaultUrl, type SentryTarget } from "./sentry-target.ts";

/** Where a token may come from. */
export interface TokenInputs {
  /** The value of `SENTRY_AUTH_TOKEN`. */
  readonly fromEnv: string | undefined;
  readonly files: Sentryclirc;
}

/**
 * Finds the token for a server. A `.sentryclirc` that came with a repository may name any address:
 * a token from elsewhere is not sent there.
 *
 * @throws {DecantError} `TOKEN_MISSING`, or `TARGET_UNTRUSTED` when the token is not meant for it.
 */
export function sentryToken(
  target: Pick<SentryTarget, "url" | "trusted">,
  { fromEnv, files }: TokenInputs,
): string {
  const local = files.local?.token;
  const token = fromEnv ?? local ?? files.home?.token;
  if (token === undefined) {
    throw new DecantError("TOKEN_MISSING", `Cannot sign in to "${target.url}": there is no token`, {
      kind: "credentials",
      hint:
        `Make one at ${target.url}/settings/account/api/auth-tokens/ with the scopes org:read, ` +
        "project:read and event:read, and set SENTRY_AUTH_TOKEN to it.",
    });
  }
  const own = fromEnv === undefined && local !== undefined;
  if (!target.trusted && !own && !isKnown(target.url, files.home?.url)) {
    throw new DecantError(
      "TARGET_UNTRUSTED",
      `Cannot send a token to "${target.url}": only "${files.local?.path}" names that address`,
      { kind: "credentials", hint: `If it is your Sentry, say so: --url ${target.url}` },
    );
  }
  return token;
}

function isKnown(url: string, configured: string | undefined): boolean {
  const parsed = URL.parse(url);
  if (!parsed) return false;
  const { origin, protocol, hostname } = parsed;
  if (configured !== undefined) return origin === URL.parse(configured)?.origin;
  return origin === defaultUrl || (protocol === "https:" && hostname.endsWith(".sentry.io"));
}
