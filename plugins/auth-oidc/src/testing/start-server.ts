import "./quiet-console.ts";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider, { type ClientMetadata } from "oidc-provider";

/** An OpenID provider on loopback. */
export interface TestServer extends AsyncDisposable {
  readonly issuer: string;
  /** Requests so far: method and path. */
  readonly log: string[];
  /** How many access tokens it has made. */
  minted(): number;
  /** Answers instead of the provider, where it gives true. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
}

/** How a server differs from the usual one. */
export interface TestServerOptions {
  readonly clients?: readonly ClientMetadata[];
  /** Whether a refresh token is good for one use only. @default {true} */
  readonly rotate?: boolean;
  /** How long access tokens live, in seconds. @default {3600} */
  readonly lifetime?: number;
  /** How clients may sign. */
  readonly algorithms?: readonly string[];
}

export const clientSecret = "the secret + of/the client=";

const scopes = ["read", "write"];
export const resource = "https://api.example.com/";

const clients: readonly ClientMetadata[] = [
  machine("machine", "client_secret_basic"),
  machine("poster", "client_secret_post"),
  {
    client_id: "tool",
    token_endpoint_auth_method: "none",
    grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
    response_types: [],
    redirect_uris: [],
    scope: "openid offline_access read write",
  },
];

/** A client that gets tokens for itself. */
export function machine(
  id: string,
  method: NonNullable<ClientMetadata["token_endpoint_auth_method"]>,
  more: Partial<ClientMetadata> = {},
): ClientMetadata {
  return {
    ...{ client_id: id, token_endpoint_auth_method: method, scope: scopes.join(" ") },
    ...(method.startsWith("client_secret") && { client_secret: clientSecret }),
    ...{ grant_types: ["client_credentials"], response_types: [], redirect_uris: [], ...more },
  };
}

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const http = createServer();
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const provider = createProvider(issuer, options);
  let minted = 0;
  for (const event of ["access_token.saved", "client_credentials.saved"] as const) {
    provider.on(event as "access_token.saved", () => void minted++);
  }
  const callback = provider.callback();
  const server: TestServer = {
    ...{ issuer, log: [], minted: () => minted, intercept: undefined },
    [Symbol.asyncDispose]: () => close(http),
  };
  http.on("request", (request, response) => {
    server.log.push(`${request.method} ${request.url}`);
    if (!server.intercept?.(request, response)) void callback(request, response);
  });
  return server;
}

function createProvider(issuer: string, options: TestServerOptions): Provider {
  const { lifetime = 3600, rotate = true, algorithms } = options;
  const provider = new Provider(issuer, {
    clients: [...clients, ...(options.clients ?? [])],
    scopes: ["openid", "offline_access", ...scopes],
    cookies: { keys: ["a key for cookies"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    rotateRefreshToken: rotate,
    ...(algorithms && { enabledJWA: { clientAuthSigningAlgValues: [...algorithms] as never } }),
    ttl: {
      AccessToken: lifetime,
      ClientCredentials: lifetime,
      DeviceCode: 600,
      IdToken: 600,
      RefreshToken: 86_400,
    },
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => [],
        getResourceServerInfo: () => ({ scope: scopes.join(" "), accessTokenFormat: "jwt" }),
      },
    },
  });
  provider.use(async (context, next) => {
    await next();
    const { body } = context as { body: unknown };
    // As providers do that do not want to be asked so seldom.
    if (context.path === "/device/auth" && context.status === 200)
      Object.assign(body as object, { interval: 1 });
  });
  return provider;
}

async function close(http: Server): Promise<void> {
  http.close();
  http.closeAllConnections();
  await once(http, "close");
}
