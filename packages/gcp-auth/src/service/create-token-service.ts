import { sleep } from "@decant/core";
import { expandScopes } from "../expand-scopes.ts";
import { defaultUniverse } from "../universe.ts";
import { checkOptions } from "./check-options.ts";
import { createGuard } from "./create-guard.ts";
import { createMetrics } from "./create-metrics.ts";
import { createTokenStore } from "./create-token-store.ts";
import { createTokens } from "./create-tokens.ts";
import { createWaits } from "./create-waits.ts";
import { handle, type ServiceState } from "./handle.ts";
import { logPath } from "./log-path.ts";
import { metadataTree } from "./metadata-tree.ts";
import type { TokenService, TokenServiceOptions } from "./options.ts";
import { resolveAccounts } from "./resolve-accounts.ts";
import { routeOf } from "./route-of.ts";
import { toResponse } from "./to-response.ts";

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
  checkOptions(options);
  const { now = Date.now, onLog } = options;
  const state = await createState(options);
  return async (request, info = {}) => {
    const time = now();
    const url = new URL(request.url);
    const answer = await handle(state, { request, url, info });
    const { status, cache, error } = answer;
    state.metrics.request({ route: routeOf(url.pathname), status });
    if (cache !== undefined) state.metrics.token({ cache });
    onLog?.({
      ...{ time, method: request.method, path: logPath(url.pathname, status), status },
      ms: now() - time,
      ...(info.client !== undefined && { client: info.client }),
      ...(cache !== undefined && { cache }),
      ...(error !== undefined && { error }),
    });
    return toResponse(answer, request.method);
  };
}

async function createState(options: TokenServiceOptions): Promise<ServiceState> {
  const { hosts = [], secret, rateLimit, now = Date.now } = options;
  const { signal = new AbortController().signal } = options;
  const effects = {
    now,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? sleep,
    signal,
  };
  const allowedScopes = setOf(options.allowedScopes && expandScopes(options.allowedScopes));
  const allowedAudiences = setOf(options.allowedAudiences);
  const accounts = await resolveAccounts(options.accounts, allowedScopes);
  const metrics = createMetrics();
  const upstream = { ok: true };
  const store = createTokenStore(options.maxTokens ?? 1_000, {
    ...effects,
    onMint(mint) {
      upstream.ok = mint.ok;
      metrics.mint(mint);
    },
  });
  const tokens = createTokens({
    store,
    allowedScopes,
    allowedAudiences,
  });
  const { explanation } = accounts[0]!;
  const root = metadataTree({
    ...{ accounts, tokens, numericProjectId: options.numericProjectId },
    projectId: options.projectId ?? explanation?.project,
    projectAttributes: options.projectAttributes ?? {},
    instance: options.instance ?? {},
    universeDomain: options.universeDomain ?? explanation?.universe ?? defaultUniverse,
  });
  const guard = createGuard({ hosts, secret, rateLimit, now });
  return { accounts, guard, metrics, root, store, tokens, upstream, waits: createWaits(effects) };
}

function setOf(names: readonly string[] | "" | undefined): ReadonlySet<string> | undefined {
  return names ? new Set(names) : undefined;
}
