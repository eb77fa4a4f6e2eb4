import { sleep } from "@decant/core";
import { expandScopes } from "../expand-scopes.ts";
import { defaultUniverse } from "../universe.ts";
import { checkOptions } from "./check-options.ts";
import { createGuard } from "./create-guard.ts";
import { createMetrics } from "./create-metrics.ts";
import { createRecentAnswers, type Target } from "./create-recent-answers.ts";
import { createTokenStore } from "./create-token-store.ts";
import { createTokens } from "./create-tokens.ts";
import { createWaits } from "./create-waits.ts";
import { handle, type ServiceState } from "./handle.ts";
import { logPath } from "./log-path.ts";
import { metadataTree } from "./metadata-tree.ts";
import type { TokenResponder, TokenServiceOptions } from "./options.ts";
import { resolveAccounts } from "./resolve-accounts.ts";
import { routeOf } from "./route-of.ts";

/**
 * Makes a token service as {@linkcode createTokenService} does, without `Request` and `Response`: in
 * Node a server can write the answers as they are, which takes half the time.
 *
 * @param options The accounts, what clients are told, and what they may have.
 * @returns The responder. It never rejects.
 * @throws {DecantError} `GCP_SERVICE_OPTION`, or `GCP_SCOPE_INVALID` for what is no scope.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import type { TokenProvider } from "@decant/core";
 * import { createTokenResponder } from "@decant/gcp-auth/service";
 *
 * async function serve(provider: TokenProvider): Promise<void> {
 *   const respond = await createTokenResponder({ accounts: [{ provider }] });
 *   const { signal } = new AbortController();
 *   const server = createServer(async ({ method = "GET", url = "/", headers }, response) => {
 *     const get = (name: string) => headers[name]?.toString() ?? null;
 *     const request = { method, url: `http://localhost${url}`, headers: { get }, signal };
 *     const answer = await respond(request);
 *     response.writeHead(answer.status, answer.headers).end(answer.body);
 *   });
 *   server.listen(8_080, "127.0.0.1");
 * }
 * ```
 */
export async function createTokenResponder(options: TokenServiceOptions): Promise<TokenResponder> {
  checkOptions(options);
  const { now = Date.now, onLog } = options;
  const state = await createState(options);
  const recent = createRecentAnswers();
  return async (request, info = {}) => {
    const time = now();
    const { method } = request;
    const target = recent.get(request.url) ?? targetOf(request.url);
    const answer = await handle(state, { request, target, info, time });
    if (answer !== target.answer) recent.keep(request.url, target, answer);
    const { status, headers, body, cache, error } = answer;
    state.metrics.request({ route: target.route, status });
    if (cache !== undefined) state.metrics.token({ cache });
    onLog?.({
      ...{ time, method, path: logPath(target.path, status), status, ms: now() - time },
      ...(info.client !== undefined && { client: info.client }),
      ...(cache !== undefined && { cache }),
      ...(error !== undefined && { error }),
    });
    return { status, headers, body: method === "HEAD" ? "" : body };
  };
}

function targetOf(text: string): Target {
  const url = new URL(text);
  return { url, path: url.pathname, route: routeOf(url.pathname) };
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
