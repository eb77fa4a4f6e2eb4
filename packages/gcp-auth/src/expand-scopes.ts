import { DecantError } from "@decant/core";

const base = "https://www.googleapis.com/auth/";
const fallback = "cloud-platform";
// OpenID Connect names these without a URL.
const bare = new Set(["openid", "email", "profile"]);
const short = /^[a-z0-9][a-z0-9._-]*$/i;
// The characters of a scope-token, RFC 6749 section 3.3, in something with a URL's shape.
const full = /^https?:\/\/[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Makes full scope names of what people write: `cloud-platform` becomes
 * `https://www.googleapis.com/auth/cloud-platform`. Whole addresses, `openid`, `email` and
 * `profile` stay as they are. The order is kept, and what is named twice is there once.
 *
 * A short name is not looked up in a list, since Google adds scopes at any time: the token endpoint
 * refuses one that does not exist.
 *
 * @param names The scopes, in one text or several; commas and white space part them. None at all
 * means `cloud-platform`.
 * @returns The full names, at least one.
 * @throws {DecantError} `GCP_SCOPE_INVALID` for what cannot be a scope.
 *
 * @example
 * ```ts
 * import { expandScopes } from "@decant/gcp-auth";
 *
 * expandScopes("email, devstorage.read_only");
 * // ["email", "https://www.googleapis.com/auth/devstorage.read_only"]
 * ```
 */
export function expandScopes(names: string | readonly string[]): string[] {
  const parts = [names].flat().flatMap((text) => text.split(/[\s,]+/));
  const given = parts.filter((part) => part !== "");
  return [...new Set((given.length > 0 ? given : [fallback]).map(expand))];
}

function expand(name: string): string {
  if (bare.has(name) || full.test(name)) return name;
  if (short.test(name)) return base + name;
  throw new DecantError(
    "GCP_SCOPE_INVALID",
    `Cannot use the scope ${JSON.stringify(name)}: it is no name`,
    {
      kind: "usage",
      hint: `Give a short name such as ${fallback}, or the whole address of the scope.`,
    },
  );
}
