import { shareFlight, type Token, type TokenProvider } from "@decant/core";
import { type CachedRequest, entryName } from "./entry-name.ts";
import { tokenFolder } from "./token-folder.ts";

/** Where {@linkcode cachedProvider} keeps tokens, and what it works with. */
export interface CachedProviderOptions {
  /** The folder, which nothing else may use. It is made, for its owner only, when it is not there. */
  readonly folder: string;
  /**
   * How long to wait for a process that gets the same token, in milliseconds, before the next one
   * tries. Nobody waits for longer than three times that. @default {10000}
   */
  readonly patienceMs?: number;
  /**
   * The user's number, as of `process.getuid()`: a folder or file of somebody else is not used.
   * Absent, as on Windows: owners are not looked at, only modes.
   */
  readonly uid?: number;
  /** The time in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /** Told, once each, why tokens cannot be kept. They are handed out all the same. */
  readonly onWarning?: (message: string) => void;
}

interface Task {
  readonly request: { readonly minTtlMs?: number; readonly signal?: AbortSignal };
  mint(signal: AbortSignal): Promise<Token>;
}

/**
 * Keeps the tokens of a provider in files, so that other processes need not ask for them again. Of
 * all processes that need the same token at the same time, one asks.
 *
 * What a disk refuses to keep is handed out all the same. A provider without `identity` comes back as
 * it is, since its tokens must not outlive it. A token without an end is not kept: nobody says when
 * it stops working.
 *
 * @param provider Where tokens come from.
 * @param options Where they are kept.
 * @returns A provider that does the same.
 *
 * @example
 * ```ts
 * import type { TokenProvider } from "@decant/core";
 * import { cachedProvider } from "@decant/token-cache";
 *
 * function cached(provider: TokenProvider): TokenProvider {
 *   return cachedProvider(provider, { folder: "/home/me/.cache/tokens", onWarning: console.warn });
 * }
 * ```
 */
export function cachedProvider(
  provider: TokenProvider,
  options: CachedProviderOptions,
): TokenProvider {
  const { identity } = provider;
  if (identity === undefined) return provider;
  const { now = Date.now, patienceMs = 10_000 } = options;
  const folder = tokenFolder({ ...options, now });
  const share = shareFlight<Token>();

  async function refresh(name: string, { request, mint }: Task, signal: AbortSignal) {
    const search = { minTtlMs: request.minTtlMs, since: now() };
    const isDone = () => folder.find(name, search) !== undefined;
    const turn = await folder.takeTurn(name, { patienceMs, signal, isDone });
    try {
      const found = folder.find(name, search);
      if (found) return found;
      const token = await mint(signal);
      await folder.keep(name, token);
      return token;
    } finally {
      await turn?.[Symbol.asyncDispose]();
    }
  }

  async function getCached(cached: CachedRequest, task: Task): Promise<Token> {
    const { minTtlMs, signal } = task.request;
    signal?.throwIfAborted();
    const name = entryName(identity as string, cached);
    const run = (ended: AbortSignal) => refresh(name, task, ended);
    const token =
      folder.find(name, { minTtlMs }) ?? (await share(`${name} ${minTtlMs}`, { signal, run }));
    // A Date can be changed, and several callers may share this one.
    return token.expiresAt ? { ...token, expiresAt: new Date(token.expiresAt) } : token;
  }

  return {
    name: provider.name,
    identity,
    getToken: (request) =>
      getCached(
        { ...request, kind: "access" },
        { request, mint: (signal) => provider.getToken({ ...request, signal }) },
      ),
    ...(provider.getIdToken && {
      getIdToken: (request) =>
        getCached(
          { ...request, kind: "id" },
          { request, mint: (signal) => provider.getIdToken!({ ...request, signal }) },
        ),
    }),
    ...(provider.explain && { explain: () => provider.explain!() }),
    ...(provider.revoke && {
      async revoke(request) {
        try {
          await provider.revoke!(request);
        } finally {
          // Whoever wants the credential gone wants its tokens gone, and those that were got by way of
          // it. They are kept as those of other identities: of what it impersonates, for instance.
          await folder.clear();
        }
      },
    }),
  };
}
