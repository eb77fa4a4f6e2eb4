import type { GoogleCall, GoogleReply } from "./google-call.ts";
import { decodeJwt, signJwt, verifyJwt } from "./google-jwt.ts";
import type { JsonObject } from "./google-options.ts";
import { grant, refuseGrant } from "./google-refusal.ts";
import { type GoogleWorld, project } from "./google-world.ts";
import { json } from "./reply.ts";

const pool = `//iam.googleapis.com/projects/${project.number}/locations/global/workloadIdentityPools/demo-pool`;

/** The providers of the workload identity pool, and of the workforce's. */
export const audiences = {
  oidc: `${pool}/providers/oidc`,
  aws: `${pool}/providers/aws`,
  x509: `${pool}/providers/x509`,
  workforce: "//iam.googleapis.com/locations/global/workforcePools/demo-workforce/providers/oidc",
} as const;

/** The foreign provider's name for itself. */
const foreignIssuer = "https://issuer.example.com/demo";

/** An identity token of the foreign provider, good for ten minutes. */
export function subjectToken(world: GoogleWorld, changes: JsonObject = {}): Promise<string> {
  const iat = Math.floor(world.now() / 1_000);
  const aud = `https:${audiences.oidc}`;
  const claims = { iss: foreignIssuer, aud, sub: "workload-7", iat, exp: iat + 600, ...changes };
  return signJwt(claims, world.foreign);
}

/** Where workloads get their subject tokens, as Azure has it: a header, and an answer in JSON. */
export async function subjectTokenServer({ request, world }: GoogleCall): Promise<GoogleReply> {
  if (request.header("metadata")?.toLowerCase() !== "true") {
    const error_description = "Required metadata header not specified";
    return json({ error: "invalid_request", error_description }, { status: 400 });
  }
  const token = await subjectToken(world);
  return json({ access_token: token, expires_in: "599", token_type: "Bearer" });
}

/**
 * Verifies a token of the foreign provider: signature, issuer, audience, times.
 *
 * @returns Its subject.
 */
export async function verifySubjectJwt(token: string, { world }: GoogleCall): Promise<string> {
  const jwt = decodeJwt(token);
  if (!jwt) throw refuse("Unable to parse the ID Token.");
  const { iss, aud, sub, iat, exp } = jwt.claims;
  if (iss !== foreignIssuer) {
    throw refuse(
      `The issuer in ID Token ${iss} does not match the expected ones: ${foreignIssuer}`,
    );
  }
  if (jwt.header["kid"] !== world.foreign.kid || !(await verifyJwt(jwt, world.foreign))) {
    throw refuse("Invalid signature in ID Token.");
  }
  const expected = [`https:${audiences.oidc}`, `https:${audiences.workforce}`];
  if (![aud].flat().some((one) => expected.includes(String(one)))) {
    throw refuse(`The audience in ID Token [${aud}] does not match the expected audience.`);
  }
  const seconds = world.now() / 1_000;
  if (typeof exp !== "number" || typeof iat !== "number" || exp <= seconds || iat > seconds + 300) {
    throw refuse(`ID Token issued at ${iat} is stale to sign-in.`);
  }
  if (typeof sub !== "string" || !sub) throw refuse("The ID Token has no subject.");
  return sub;
}

function refuse(description: string) {
  return refuseGrant(grant(description));
}
