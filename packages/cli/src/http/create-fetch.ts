import { isMetadataHost } from "./is-metadata-host.ts";
import { proxyVariables } from "./proxy-variables.ts";

type Fetch = typeof globalThis.fetch;

/** What is used where no variable says anything. */
export interface FetchOptions {
  /** The address of a proxy. @default {none} */
  readonly proxy?: string;
}

/**
 * Gives the `fetch` to use: the runtime's own, or one that goes through the proxy that
 * `HTTPS_PROXY` or `HTTP_PROXY` names, but for the hosts in `NO_PROXY` and the metadata server of the
 * machine. Not every supported Node reads these by itself.
 */
export async function createFetch(
  env: (name: string) => string | undefined,
  { proxy }: FetchOptions = {},
): Promise<Fetch> {
  const named = proxyVariables.some((name) => env(name));
  if (!named && proxy === undefined) return globalThis.fetch;
  const { Agent, EnvHttpProxyAgent, fetch } = await import("undici");
  // An agent works only with the fetch of its own copy of undici.
  const direct = new Agent();
  const agent = new EnvHttpProxyAgent(
    named || proxy === undefined ? {} : { httpProxy: proxy, httpsProxy: proxy },
  );
  function proxied(input: string | URL, init: object = {}) {
    const dispatcher = isMetadataHost(new URL(input).host, env) ? direct : agent;
    return fetch(input, { ...init, dispatcher });
  }
  return proxied as unknown as Fetch;
}
