import { verifyAwsToken } from "./google-aws-token.ts";
import {
  basicAuth,
  findToken,
  type GoogleCall,
  type GoogleReply,
  readForm,
  tokenReply,
} from "./google-call.ts";
import { mintAccessToken, saidExpiry } from "./google-mint.ts";
import { verifyCertificates } from "./google-mutual-tls.ts";
import type { JsonObject } from "./google-options.ts";
import { googleRefusals, invalidRequest, refuseGrant, wrongGrantType } from "./google-refusal.ts";
import { revokeEndpoint } from "./google-revoke.ts";
import { audiences, verifySubjectJwt } from "./google-subject-token.ts";
import { redeemRefreshToken } from "./google-token-endpoint.ts";
import { json } from "./reply.ts";

const urn = "urn:ietf:params:oauth";
const accessToken = `${urn}:token-type:access_token`;

/** What a provider of a pool takes for a proof. */
interface IdentityProvider {
  readonly tokenTypes: readonly string[];
  /** Finds the subject, or throws a refusal. */
  verify(token: string, call: GoogleCall): Promise<string>;
}

const jwtTypes = [`${urn}:token-type:jwt`, `${urn}:token-type:id_token`];

const providers: Readonly<Record<string, IdentityProvider>> = {
  [audiences.oidc]: { tokenTypes: jwtTypes, verify: verifySubjectJwt },
  [audiences.workforce]: { tokenTypes: jwtTypes, verify: verifySubjectJwt },
  [audiences.aws]: {
    tokenTypes: ["urn:ietf:params:aws:token-type:aws4_request"],
    verify: verifyAwsToken,
  },
  [audiences.x509]: { tokenTypes: [`${urn}:token-type:mtls`], verify: verifyCertificates },
};

/**
 * `sts.googleapis.com/v1/token`: an access token for the token of a foreign provider (RFC 8693,
 * https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token).
 */
export async function stsToken(call: GoogleCall): Promise<GoogleReply> {
  const { request, world } = call;
  const form = await readForm(request);
  const grantType = form.get("grant_type");
  if (!grantType) throw refuseGrant(googleRefusals.noGrantType);
  if (grantType !== `${urn}:grant-type:token-exchange`)
    throw refuseGrant(wrongGrantType(grantType));
  if (form.get("requested_token_type") !== accessToken) throw invalid("requested_token_type");
  const audience = form.get("audience") ?? "";
  if (!audience.startsWith("//iam.googleapis.com/")) throw invalid("audience");
  const provider = Object.hasOwn(providers, audience) ? providers[audience]! : undefined;
  if (!provider) throw refuseGrant(googleRefusals.target);
  const type = form.get("subject_token_type") ?? "";
  if (!provider.tokenTypes.includes(type)) throw invalid("subject_token_type");
  const scope = form.get("scope");
  if (!scope) throw invalid("scope");
  const subject = await provider.verify(form.get("subject_token") ?? "", call);
  const pool = audience.replace(/\/providers\/.*$/, "");
  const principal = `principal:${pool}/subject/${subject}`;
  const about = { grant: "token-exchange", principal, scope } as const;
  const { token } = mintAccessToken(world, about);
  return tokenReply(
    {
      ...{ access_token: token, issued_token_type: accessToken, token_type: "Bearer" },
      ...saidExpiry(world),
    },
    { ...about, audience, ...readUserProject(form) },
  );
}

/** `sts.googleapis.com/v1/oauthtoken`: refresh tokens of workforce users. */
export async function stsOauthToken({ request, world }: GoogleCall): Promise<GoogleReply> {
  requireClient({ request, world });
  const form = await readForm(request);
  const grantType = form.get("grant_type") ?? "";
  if (grantType !== "refresh_token") throw refuseGrant(wrongGrantType(grantType));
  const { scope } = redeemRefreshToken(form, { client: world.worker, world });
  const about = { grant: "refresh_token", principal: world.worker.principal, scope } as const;
  const { token } = mintAccessToken(world, about);
  return tokenReply({ access_token: token, ...saidExpiry(world), token_type: "Bearer" }, about);
}

/** `sts.googleapis.com/v1/introspect`: whose token it is (RFC 7662). */
export async function stsIntrospect({ request, world }: GoogleCall): Promise<GoogleReply> {
  const form = await readForm(request);
  const token = findToken(world, form.get("token") ?? undefined);
  if (!token) return json({ active: false });
  return json({
    active: true,
    ...{ scope: token.scope, username: token.principal, sub: token.principal },
    ...{ iss: "https://sts.googleapis.com", exp: Math.floor(token.expiresAt / 1_000) },
    token_type: "Bearer",
  });
}

/** `sts.googleapis.com/v1/revoke`: as the other, for those who show their client. */
export function stsRevoke(call: GoogleCall): Promise<GoogleReply> {
  requireClient(call);
  return revokeEndpoint(call);
}

function requireClient({ request, world }: Pick<GoogleCall, "request" | "world">): void {
  const client = basicAuth(request);
  if (client?.id !== world.worker.id) throw refuseGrant(googleRefusals.client);
  if (client.secret !== world.worker.secret) throw refuseGrant(googleRefusals.secret);
}

function readUserProject(form: URLSearchParams): JsonObject {
  const options = form.get("options");
  if (options === null) return {};
  try {
    const { userProject } = JSON.parse(decodeURIComponent(options)) as JsonObject;
    return userProject === undefined ? {} : { userProject };
  } catch {
    throw invalid("options");
  }
}

function invalid(field: string) {
  const rest =
    field === "audience"
      ? " This value should be the full resource name of the Identity Provider. See https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token for the list of possible formats."
      : "";
  return refuseGrant(invalidRequest(`Invalid value for "${field}".${rest}`));
}
