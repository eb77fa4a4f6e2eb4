import { callForJson } from "./call-server.ts";
import { checkEndpoint } from "./check-endpoint.ts";
import type { Credential } from "./credential.ts";
import type { Effects } from "./effects.ts";
import type { Exchange } from "./exchange-error.ts";
import { iamExchange } from "./iam-exchange.ts";
import type { Impersonation } from "./impersonated-credential.ts";
import { parseIdToken } from "./parse-id-token.ts";
import { invalidAnswer, parseToken } from "./parse-token.ts";
import { serviceAccountFlaw } from "./service-account-flaw.ts";

const tokenHost = "CLOUDSDK_AUTH_TOKEN_HOST";
const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const lifetimeSeconds = 3600;

/**
 * How tokens of a user are got whom an impersonated service account acts for by domain-wide delegation:
 * the IAM credentials API signs the assertion, so that no key is needed. It is exchanged at Google's
 * token endpoint, or the one that gcloud's own variable CLOUDSDK_AUTH_TOKEN_HOST names.
 */
export function delegatedCredential(
  impersonation: Impersonation & { readonly subject: string },
): Pick<Credential, "principal" | "endpoints" | "mint" | "mintIdToken"> {
  const { credential, target, subject, url, effects } = impersonation;
  const tokenUri = tokenEndpoint(effects.env);
  const exchangeFor = (scopes: readonly string[]): Exchange => ({
    ...{ label: subject, principal: subject, url: tokenUri, urlSource: tokenHost, scopes },
    findFlaw: (refusal) =>
      serviceAccountFlaw({ key: { client_email: target }, subject, scopes }, refusal),
  });

  async function exchange(claims: object, given: Exchange, signal: AbortSignal) {
    const assertion = await signClaims(impersonation, { ...claims, aud: tokenUri }, signal);
    const body = new URLSearchParams({ grant_type: grantType, assertion });
    return callForJson({ ...given, body }, { ...effects, signal });
  }

  return {
    principal: subject,
    endpoints: [
      ...[...credential.endpoints, url.replace(/:generateAccessToken$/, ":signJwt"), tokenUri],
    ],
    async mint(scopes, signal) {
      const given = exchangeFor(scopes);
      return parseToken(given, await exchange({ scope: scopes.join(" ") }, given, signal));
    },
    async mintIdToken({ audience }, signal) {
      const given = exchangeFor([]);
      const answer = await exchange({ target_audience: audience }, given, signal);
      const field = "id_token";
      return parseIdToken(given, { ...answer, value: answer.data[field], field, audience });
    },
  };
}

function tokenEndpoint(env: Effects["env"]): string {
  const address = env(tokenHost) || "https://oauth2.googleapis.com/token";
  return checkEndpoint(address, { source: "the environment", field: tokenHost });
}

async function signClaims(
  { target, subject, iamTarget, effects, getBearer }: Impersonation,
  claims: object,
  signal: AbortSignal,
): Promise<string> {
  const iat = Math.floor(effects.now() / 1000);
  const all = { iss: target, sub: subject, ...claims, iat, exp: iat + lifetimeSeconds };
  const exchange = iamExchange(iamTarget, {
    ...{ method: "signJwt", bearer: await getBearer(signal), scopes: [] },
    body: { payload: JSON.stringify(all) },
  });
  const { data } = await callForJson(exchange, { ...effects, signal });
  const { signedJwt } = data;
  if (typeof signedJwt === "string" && signedJwt !== "") return signedJwt;
  throw invalidAnswer(exchange, "has no signedJwt");
}
