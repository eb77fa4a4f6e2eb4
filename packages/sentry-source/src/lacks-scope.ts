import type { Client } from "./create-client.ts";
import type { Server } from "./server.ts";
import { readTokenScopes } from "./token-scopes.ts";

/**
 * Whether a token that was refused lacks a scope, by the server's word. If not, its user is in no
 * team of what it asked for, which may hold for one project and not for another.
 */
export async function lacksScope(
  client: Client,
  scope: string,
  { server, signal }: { readonly server: Server; readonly signal: AbortSignal },
): Promise<boolean> {
  const has = await readTokenScopes(client, { origin: server.origin, signal });
  return has !== undefined && !has(scope);
}
