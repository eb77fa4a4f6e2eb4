import { Buffer } from "node:buffer";
import type { JsonObject } from "./google-options.ts";
import { type GoogleRefusal, googleRefusals, wrongAudience } from "./google-refusal.ts";
import type { ServiceAccount } from "./service-account-key.ts";

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
  { account, now }: { account: ServiceAccount; now: number },
): Promise<VerifiedAssertion | GoogleRefusal> {
  const parts = assertion.split(".");
  const header = decodePart(parts[0]);
  const claims = decodePart(parts[1]);
  if (parts.length !== 3 || !header || !claims) return googleRefusals.malformed;
  const { key, publicKey } = account;
  if (header["alg"] !== "RS256") return googleRefusals.malformed;
  if (claims["iss"] !== key.client_email) {
    return /@.*gserviceaccount\.com$/.test(String(claims["iss"]))
      ? googleRefusals.account
      : googleRefusals.issuer;
  }
  // A header without a key id is tried against every key of the account.
  const known = header["kid"] === undefined || header["kid"] === key.private_key_id;
  const signed = Buffer.from(`${parts[0]}.${parts[1]}`);
  const signature = Buffer.from(parts[2]!, "base64url");
  if (!known || !(await crypto.subtle.verify("RSASSA-PKCS1-v1_5", publicKey, signature, signed))) {
    return googleRefusals.signature;
  }
  return checkClaims(claims, { tokenUri: key.token_uri, now }) ?? { header, claims };
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

function decodePart(part: string | undefined): JsonObject | undefined {
  if (!part || !/^[\w-]+$/.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
