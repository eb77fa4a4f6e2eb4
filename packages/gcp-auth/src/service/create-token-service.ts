import { createTokenResponder } from "./create-token-responder.ts";
import type { TokenService, TokenServiceOptions } from "./options.ts";

/**
 * Makes a token service: a function that answers requests, for the server of any runtime.
 *
 * It speaks the protocol of Google's metadata server under `/computeMetadata/v1/`, so that every
 * library of Google gets tokens from it once `GCE_METADATA_HOST` names it, and besides has
 * `GET /token` (one token as JSON), `GET /healthz` and `GET /metrics` (Prometheus).
 *
 * Tokens are kept in memory and renewed before they end. What is served lives for more than 5 minutes,
 * as long as the provider has such a token; while it is in trouble, what is there is served until its
 * end. However many clients ask at once for what is not there, the provider is asked once.
 *
 * Every client gets a token that can do what the accounts may do. Serve it on loopback or a Unix
 * socket, or set `secret`.
 *
 * @param options The accounts, what clients are told, and what they may have.
 * @returns The handler. It never rejects.
 * @throws {DecantError} `GCP_SERVICE_OPTION`, or `GCP_SCOPE_INVALID` for what is no scope.
 *
 * @example
 * ```ts
 * import { type ServiceAccountKey, serviceAccountProvider } from "@decant/gcp-auth";
 * import { createTokenService } from "@decant/gcp-auth/service";
 *
 * async function tokenFor(key: ServiceAccountKey): Promise<string> {
 *   const service = await createTokenService({
 *     accounts: [{ provider: serviceAccountProvider({ key }) }],
 *     allowedScopes: "cloud-platform",
 *   });
 *   const request = new Request("http://localhost/token", {
 *     headers: { "metadata-flavor": "Google" },
 *   });
 *   return (await service(request, { client: "127.0.0.1" })).text();
 * }
 * ```
 */
export async function createTokenService(options: TokenServiceOptions): Promise<TokenService> {
  const respond = await createTokenResponder(options);
  return async (request, info) => {
    const { status, headers, body } = await respond(request, info);
    return new Response(body, { status, headers });
  };
}
