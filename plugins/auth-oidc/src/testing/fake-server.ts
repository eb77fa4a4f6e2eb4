import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a server answers: an object is sent as JSON. */
export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string;
}

type Answer = FakeAnswer | ((form: URLSearchParams, request: IncomingMessage) => FakeAnswer);

/** A server on loopback that answers as it is told, for what no real one does. */
export interface FakeServer extends AsyncDisposable {
  readonly issuer: string;
  /** What it answers, by path. A list is answered one after the other, the last one for good. */
  readonly answers: Record<string, Answer | Answer[]>;
  /** What was asked: path and form. */
  readonly log: {
    readonly path: string;
    readonly form: URLSearchParams;
    readonly headers: IncomingMessage["headers"];
  }[];
  /** Makes an ID token, signed with the key that the server shows. */
  idToken(claims?: object, header?: object): Promise<string>;
}

export const discovery = "/.well-known/openid-configuration";

export async function startFake(): Promise<FakeServer> {
  const http = createServer((request, response) => void answer(request, response));
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, [
    "sign",
    "verify",
  ]);
  const jwk = await crypto.subtle.exportKey("jwk", publicKey);
  const server: FakeServer = {
    ...{ issuer, log: [] },
    answers: {
      [discovery]: {
        body: {
          ...{ issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` },
          device_authorization_endpoint: `${issuer}/device`,
          revocation_endpoint: `${issuer}/revoke`,
          id_token_signing_alg_values_supported: ["ES256", "HS256"],
        },
      },
      "/jwks": { body: { keys: [{ ...jwk, kid: "one" }] } },
      "/token": { body: { access_token: "a-token", token_type: "bearer", expires_in: 3600 } },
    },
    async idToken(claims = {}, header = {}) {
      const now = Math.floor(Date.now() / 1000);
      const payload = { iss: issuer, aud: "tool", sub: "me", iat: now, exp: now + 600, ...claims };
      const input = [{ alg: "ES256", kid: "one", ...header }, payload].map(encode).join(".");
      const signature = await crypto.subtle.sign(
        { name: "ECDSA", hash: "SHA-256" },
        privateKey,
        new TextEncoder().encode(input),
      );
      return `${input}.${base64url(new Uint8Array(signature))}`;
    },
    async [Symbol.asyncDispose]() {
      http.close();
      http.closeAllConnections();
      await once(http, "close");
    },
  };
  return server;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const path = request.url!.replace(/\?.*/, "");
    server.log.push({ path, form, headers: request.headers });
    const told = server.answers[path] ?? { status: 404 };
    const next = Array.isArray(told) ? (told.length > 1 ? told.shift()! : told[0]!) : told;
    const {
      status = 200,
      headers,
      body = "",
    } = typeof next === "function" ? next(form, request) : next;
    const json = typeof body === "object";
    response.writeHead(status, { ...(json && { "content-type": "application/json" }), ...headers });
    response.end(json ? JSON.stringify(body) : body);
  }
}

function encode(value: object): string {
  return base64url(new TextEncoder().encode(JSON.stringify(value)));
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
