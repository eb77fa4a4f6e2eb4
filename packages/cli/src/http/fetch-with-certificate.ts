import type { ClientCertificate } from "@decant/core";
import { proxyVariables } from "./proxy-variables.ts";

type Fetch = typeof globalThis.fetch;

/**
 * Makes a `fetch` that shows a client certificate, through the proxy where variables name one. What
 * does it is loaded at the first request.
 */
export function fetchWithCertificate({ cert, key, passphrase }: ClientCertificate): Fetch {
  const tls = { cert, key, ...(passphrase === undefined ? {} : { passphrase }) };
  let ready: Promise<Fetch> | undefined;
  return async (input, init) => {
    ready ??= connect(tls);
    return (await ready)(input, init);
  };
}

async function connect(tls: Readonly<Record<string, string>>): Promise<Fetch> {
  const { Agent, EnvHttpProxyAgent, fetch } = await import("undici");
  const proxied = proxyVariables.some((name) => process.env[name]);
  const dispatcher = proxied
    ? new EnvHttpProxyAgent({ connect: tls, requestTls: tls })
    : new Agent({ connect: tls });
  const withCertificate = (input: string, init: object = {}) =>
    fetch(input, { ...init, dispatcher });
  return withCertificate as unknown as Fetch;
}
