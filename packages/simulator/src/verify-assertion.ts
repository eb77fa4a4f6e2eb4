import { decodeJwt, verifyJwt } from "./google-jwt.ts";
import type { JsonObject } from "./google-options.ts";
import { type GoogleRefusal, googleRefusals, wrongAudience } from "./google-refusal.ts";
import type { GoogleWorld } from "./google-world.ts";

/** What a good assertion says. */
export interface VerifiedAssertion {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** The clocks of client and server may differ by this much. */
const skewSeconds = 300;

/** Checks an assertion (RFC 7523) as Google does, the signature for real. */
export async function verifyAssertion(
  assertion: string,
  { account, google, accounts, now }: Pick<GoogleWorld, "account" | "google" | "accounts" | "now">,
): Promise<VerifiedAssertion | GoogleRefusal> {
  const jwt = decodeJwt(assertion);
  if (jwt?.header["alg"] !== "RS256") return googleRefusals.malformed;
  const { header, claims } = jwt;
  const issuer = String(claims["iss"]);
  if (!/@.*gserviceaccount\.com$/.test(issuer)) return googleRefusals.issuer;
  if (!Object.values(accounts).includes(issuer)) return googleRefusals.account;
  // The IAM API signs for any account with a key of Google's. A header without a key id is tried
  // against every key of the account.
  const keys = [google, ...(issuer === accounts.exporter ? [account.signing] : [])];
  const candidates = keys.filter(({ kid }) => header["kid"] === undefined || header["kid"] === kid);
  const verified = await Promise.all(candidates.map((key) => verifyJwt(jwt, key)));
  if (!verified.includes(true)) return googleRefusals.signature;
  return checkClaims(claims, { tokenUri: account.key.token_uri, now: now() }) ?? { header, claims };
}

function checkClaims(
  claims: JsonObject,
  { tokenUri, now }: { tokenUri: string; now: number },
): GoogleRefusal | undefined {
  if (claims["aud"] !== tokenUri) return wrongAudience(tokenUri);
  const { iat, exp } = claims as { iat: unknown; exp: unknown };
  if (typeof iat !== "number" || typeof exp !== "number") return googleRefusals.clock;
  const seconds = now / 1_000;
  const shortLived = exp > iat && exp - iat <= 3_600;
  if (!shortLived || iat > seconds + skewSeconds || exp <= seconds) return googleRefusals.clock;
  const { scope, target_audience: audience, sub } = claims as Record<string, unknown>;
  if (!isText(scope) && !isText(audience)) return googleRefusals.scope;
  if (sub !== undefined && (!isText(sub) || !sub.includes("@"))) return googleRefusals.subject;
  return undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
