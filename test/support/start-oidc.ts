import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

/** An OpenID provider on loopback. */
export interface OidcServer extends AsyncDisposable {
  readonly issuer: string;
  /** How many access tokens it has made. */
  minted(): number;
}

/** A secret of the client `machine`. */
export const clientSecret = "a secret + of/the client=";

/**
 * Starts an OpenID provider with a client of each kind: `machine` with a secret, `signer` with a key, and
 * `tool` for people, whose refresh tokens are good for one use.
 */
export async function startOidc(publicKey: JsonWebKey): Promise<OidcServer> {
  const http = createServer().listen(0, "127.0.0.1");
  await once(http, "listening");
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const own = { grant_types: ["client_credentials"], response_types: [], redirect_uris: [] };
  const provider = new Provider(issuer, {
    clients: [
      { client_id: "machine", client_secret: clientSecret, scope: "read write", ...own },
      {
        ...{ client_id: "signer", token_endpoint_auth_method: "private_key_jwt", ...own },
        ...{ token_endpoint_auth_signing_alg: "ES256", jwks: { keys: [publicKey as never] } },
      },
      {
        ...{ ...own, client_id: "tool", token_endpoint_auth_method: "none" },
        grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
      },
    ],
    scopes: ["openid", "offline_access", "read", "write"],
    cookies: { keys: ["a key for cookies"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    rotateRefreshToken: true,
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      revocation: { enabled: true },
    },
  });
  provider.use(async (context, next) => {
    await next();
    if (context.path === "/device/auth") Object.assign(Object(context.body), { interval: 0.2 });
  });
  let minted = 0;
  const count = () => void minted++;
  provider.on("access_token.saved", count);
  provider.on("client_credentials.saved", count);
  http.on("request", provider.callback());
  return {
    ...{ issuer, minted: () => minted },
    async [Symbol.asyncDispose]() {
      http.close();
      http.closeAllConnections();
      await once(http, "close");
    },
  };
}
