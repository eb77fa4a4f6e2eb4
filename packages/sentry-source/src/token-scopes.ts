import { isDecantError } from "@decant/core";
import type { Client } from "./create-client.ts";
import { isObject, parseObject } from "./parse-json.ts";
import { apiPath } from "./server.ts";

/** Whether a token has a scope, or one that includes it. */
export type HasScope = (scope: string) => boolean;

/**
 * Asks what the token may do.
 *
 * @returns Nothing where the server does not tell.
 */
export async function readTokenScopes(
  client: Client,
  { origin, signal }: { readonly origin: string; readonly signal: AbortSignal },
): Promise<HasScope | undefined> {
  try {
    const root = await client.get({
      origin,
      path: apiPath(),
      lane: "default",
      subject: { name: "what the token may do", scope: "org:read" },
      parse: parseObject,
      signal,
    });
    const auth = root["auth"];
    const scopes = isObject(auth) ? auth["scopes"] : undefined;
    return Array.isArray(scopes) ? (scope) => includesScope(scopes, scope) : undefined;
  } catch (error) {
    if (isDecantError(error) && error.code !== "SENTRY_UNAUTHORIZED") return undefined;
    throw error;
  }
}

/** Who may write may read, and who may administer may do both. */
function includesScope(scopes: readonly unknown[], scope: string): boolean {
  const [kind, right] = scope.split(":");
  const rights = right === "read" ? ["read", "write", "admin"] : [right];
  return rights.some((one) => scopes.includes(`${kind}:${one}`));
}
