import { callForJson } from "./call-server.ts";
import { checkTokenUri } from "./check-token-uri.ts";
import type { Credential, IdTokenOptions } from "./credential.ts";
import type { Effects } from "./effects.ts";
import type { Exchange } from "./exchange-error.ts";
import { expandScopes } from "./expand-scopes.ts";
import { generateIdToken } from "./generate-id-token.ts";
import { iamUrl } from "./iam-url.ts";
import { parseIdToken } from "./parse-id-token.ts";
import type { ServiceAccountKey } from "./parse-service-account-key.ts";
import { type ExpiringToken, makeToken, parseToken } from "./parse-token.ts";
import { serviceAccountFlaw } from "./service-account-flaw.ts";
import { type SignAssertionOptions, signAssertion } from "./sign-assertion.ts";
import { signJwt } from "./sign-jwt.ts";
import { defaultUniverse } from "./universe.ts";

/** What {@linkcode serviceAccountCredential} works with. */
export interface ServiceAccountOptions {
  readonly key: ServiceAccountKey;
  /** The user to act for, by domain-wide delegation. */
  readonly subject?: string | undefined;
  readonly effects: Effects;
}

const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const lifetimeSeconds = 3600;

/**
 * The credential of a service account key.
 *
 * @throws {DecantError} `GCP_TOKEN_URI` for a token endpoint that is not https.
 */
export function serviceAccountCredential(options: ServiceAccountOptions): Credential {
  const { key, subject } = options;
  checkTokenUri(key.token_uri, key.client_email);
  const { universe_domain: universe = defaultUniverse, quota_project_id: quotaProject } = key;
  // Only the cloud of Google itself has a token endpoint: elsewhere a signed JWT is the token.
  const signsTokens = universe !== defaultUniverse && subject === undefined;
  return {
    kind: "service_account",
    principal: subject ?? key.client_email,
    project: key.project_id,
    quotaProject,
    universe,
    defaultScopes: expandScopes([]),
    identity: [
      "service_account",
      ...[key.client_email, key.private_key_id ?? null, key.token_uri, universe],
      ...[subject ?? null, quotaProject ?? null],
    ],
    endpoints: signsTokens ? [] : [key.token_uri],
    warnings: [
      "The key does not end by itself: whoever has the file can use it until it is deleted.",
    ],
    mint: (scopes, signal) =>
      signsTokens ? signToken(options, scopes) : mint(options, scopes, signal),
    mintIdToken: (request, signal) =>
      signsTokens
        ? mintIdTokenElsewhere(options, { ...request, universe, signal })
        : mintIdToken(options, request, signal),
  };
}

/** What is asked of the token endpoint of a key. Its texts are those of the errors. */
export function serviceAccountExchange(
  { key, subject }: Pick<ServiceAccountOptions, "key" | "subject">,
  scopes: readonly string[],
): Exchange {
  return {
    label: subject ?? key.client_email,
    principal: subject ?? key.client_email,
    url: key.token_uri,
    urlSource: "token_uri in the key file",
    scopes,
    findFlaw: (refusal) => serviceAccountFlaw({ key, subject, scopes }, refusal),
  };
}

async function mint(
  options: ServiceAccountOptions,
  scopes: readonly string[],
  signal: AbortSignal,
): Promise<ExpiringToken> {
  const exchange = serviceAccountExchange(options, scopes);
  const body = await assertionBody(options, { scopes });
  return parseToken(
    exchange,
    await callForJson({ ...exchange, body }, { ...options.effects, signal }),
  );
}

async function mintIdToken(
  options: ServiceAccountOptions,
  { audience }: IdTokenOptions,
  signal: AbortSignal,
): Promise<ExpiringToken> {
  const exchange = serviceAccountExchange(options, []);
  const body = await assertionBody(options, { targetAudience: audience });
  const answer = await callForJson({ ...exchange, body }, { ...options.effects, signal });
  const field = "id_token";
  return parseIdToken(exchange, { ...answer, value: answer.data[field], field, audience });
}

async function assertionBody(
  { key, subject, effects }: ServiceAccountOptions,
  claims: SignAssertionOptions,
): Promise<URLSearchParams> {
  const assertion = await signAssertion(key, {
    ...claims,
    now: effects.now,
    ...(subject === undefined ? {} : { subject }),
  });
  return new URLSearchParams({ grant_type: grantType, assertion });
}

/**
 * Signs a JWT that Google's APIs take for an access token (https://google.aip.dev/auth/4111, with
 * the scope instead of an audience).
 */
async function signToken(
  options: ServiceAccountOptions,
  scopes: readonly string[],
): Promise<ExpiringToken> {
  const { key, effects } = options;
  const sent = effects.now();
  const iat = Math.floor(sent / 1000);
  const { client_email: iss, private_key_id: kid } = key;
  const value = await signJwt(key, {
    header: { alg: "RS256", typ: "JWT", kid },
    claims: { iss, sub: iss, scope: scopes.join(" "), exp: iat + lifetimeSeconds, iat },
  });
  const ttlMs = (iat + lifetimeSeconds) * 1000 - sent;
  const exchange = serviceAccountExchange(options, scopes);
  return makeToken(exchange, { value, field: "signature", sent, ttlMs, scopes });
}

async function mintIdTokenElsewhere(
  options: ServiceAccountOptions,
  request: IdTokenOptions & { readonly universe: string; readonly signal: AbortSignal },
): Promise<ExpiringToken> {
  const { value: bearer } = await signToken(options, expandScopes([]));
  const target = options.key.client_email;
  const url = iamUrl(target, { universe: request.universe, env: options.effects.env });
  const iam = { target, url, source: target, delegates: [], bearer };
  return generateIdToken(
    { ...iam, audience: request.audience },
    { ...options.effects, signal: request.signal },
  );
}
