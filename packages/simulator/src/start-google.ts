import { Buffer } from "node:buffer";
import type {
  GoogleOptions,
  GoogleRequest,
  GoogleSimulator,
  IssuedToken,
} from "./google-options.ts";
import { failureReply, googleRefusals, refusalReply, wrongGrantType } from "./google-refusal.ts";
import { type Incoming, listen, type Reply } from "./loopback-server.ts";
import { html } from "./reply.ts";
import { createServiceAccount, type ServiceAccount } from "./service-account-key.ts";
import { type VerifiedAssertion, verifyAssertion } from "./verify-assertion.ts";

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/**
 * Starts Google's token endpoint for service accounts on loopback, with one account and its key.
 * Assertions are verified for real: signature, issuer, audience, times.
 *
 * @returns The running server. Close it, or bind it with `await using`.
 * @throws {Error} when the port is taken.
 *
 * @example
 * ```ts
 * import { startGoogle } from "@decant/simulator";
 *
 * const google = await startGoogle({ expiresIn: 600 });
 * console.log(google.tokenUri, google.key.client_email);
 * await google.close();
 * ```
 */
export async function startGoogle(options: GoogleOptions = {}): Promise<GoogleSimulator> {
  const { now = Date.now } = options;
  const log: GoogleRequest[] = [];
  const issued: IssuedToken[] = [];
  let account: ServiceAccount | undefined;
  let failures = options.fail ? (options.failTimes ?? Number.POSITIVE_INFINITY) : 0;
  const server = await listen(
    async (request) => {
      const failing = failures-- > 0 ? options.fail : undefined;
      const reply = failing
        ? failureReply(failing)
        : await exchange(request, {
            account: account!,
            issued,
            now,
            expiresIn: options.expiresIn ?? 3_600,
          });
      log.push({ method: request.method, path: request.path, status: reply.status, at: now() });
      return reply;
    },
    { port: options.port, now },
  );
  account = await createServiceAccount(server.url);
  return {
    url: server.url,
    tokenUri: account.key.token_uri,
    key: account.key,
    ...{ issued, log, close: server.close, [Symbol.asyncDispose]: server.close },
  };
}

interface Endpoint {
  readonly account: ServiceAccount;
  readonly issued: IssuedToken[];
  readonly now: () => number;
  readonly expiresIn: number;
}

async function exchange(request: Incoming, endpoint: Endpoint): Promise<Reply> {
  if (request.method !== "POST" || request.url.pathname !== "/token") {
    return html(404, { title: "Error 404 (Not Found)!!1" });
  }
  const form = new URLSearchParams(await request.text());
  const grantType = form.get("grant_type");
  const assertion = form.get("assertion");
  if (!grantType) return refusalReply(googleRefusals.noGrantType);
  if (grantType !== jwtBearer) return refusalReply(wrongGrantType(grantType));
  if (!assertion) return refusalReply(googleRefusals.noAssertion);
  const { account, now } = endpoint;
  const verified = await verifyAssertion(assertion, { account, now: now() });
  if ("error" in verified) return refusalReply(verified);
  const token = await issue(verified, endpoint);
  endpoint.issued.push(token);
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=UTF-8", "cache-control": "private" },
    body: JSON.stringify(
      verified.claims["target_audience"]
        ? { id_token: token.token }
        : { access_token: token.token, expires_in: endpoint.expiresIn, token_type: "Bearer" },
    ),
  };
}

async function issue(
  { claims, header }: VerifiedAssertion,
  endpoint: Endpoint,
): Promise<IssuedToken> {
  const now = endpoint.now();
  const { scope, sub, target_audience: audience } = claims as Record<string, string | undefined>;
  const lifetime = audience ? 3_600 : endpoint.expiresIn;
  const random = Buffer.from(crypto.getRandomValues(new Uint8Array(120))).toString("base64url");
  return {
    token: audience ? await identityToken(audience, endpoint) : `ya29.c.${random}`,
    ...(scope === undefined ? {} : { scope }),
    ...(sub === undefined ? {} : { sub }),
    claims,
    header,
    expiresAt: now + lifetime * 1_000,
  };
}

/** An identity token. Google signs with a key of its own; here the account's key serves for both. */
async function identityToken(audience: string, { account, now }: Endpoint): Promise<string> {
  const iat = Math.floor(now() / 1_000);
  const { client_email: email, client_id: id } = account.key;
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    ...{ aud: audience, azp: email, email, email_verified: true, exp: iat + 3_600, iat },
    ...{ iss: "https://accounts.google.com", sub: id },
  };
  const unsigned = `${part({ alg: "RS256", kid: account.key.private_key_id, typ: "JWT" })}.${part(claims)}`;
  const signature = await crypto.subtle.sign(
    "RSASSA-PKCS1-v1_5",
    account.privateKey,
    Buffer.from(unsigned),
  );
  return `${unsigned}.${Buffer.from(signature).toString("base64url")}`;
}
