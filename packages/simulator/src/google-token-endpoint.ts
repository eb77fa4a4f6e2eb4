import {
  basicAuth,
  type GoogleCall,
  type GoogleReply,
  readForm,
  tokenReply,
} from "./google-call.ts";
import { mintAccessToken, mintIdToken, saidExpiry } from "./google-mint.ts";
import { googleRefusals, refuseGrant, wrongGrantType } from "./google-refusal.ts";
import type { GoogleWorld, OAuthClient } from "./google-world.ts";
import { verifyAssertion } from "./verify-assertion.ts";

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** `oauth2.googleapis.com/token`: signed assertions and refresh tokens. */
export async function tokenEndpoint({ request, world }: GoogleCall): Promise<GoogleReply> {
  const form = await readForm(request);
  const grantType = form.get("grant_type");
  if (!grantType) throw refuseGrant(googleRefusals.noGrantType);
  if (grantType === jwtBearer) return exchangeAssertion(form, world);
  if (grantType !== "refresh_token") throw refuseGrant(wrongGrantType(grantType));
  const basic = basicAuth(request);
  const id = basic?.id ?? form.get("client_id");
  const secret = basic?.secret ?? form.get("client_secret");
  if (!id) throw refuseGrant(googleRefusals.noClient);
  if (id !== world.user.id) throw refuseGrant(googleRefusals.client);
  if (secret !== world.user.secret) throw refuseGrant(googleRefusals.secret);
  return refreshUser(form, world);
}

async function exchangeAssertion(form: URLSearchParams, world: GoogleWorld): Promise<GoogleReply> {
  const assertion = form.get("assertion");
  if (!assertion) throw refuseGrant(googleRefusals.noAssertion);
  const verified = await verifyAssertion(assertion, world);
  if ("error" in verified) throw refuseGrant(verified);
  const { scope, sub, target_audience: audience } = verified.claims as Record<string, string>;
  const principal = String(verified.claims["iss"]);
  const grant = { grant: "jwt-bearer", principal } as const;
  if (audience) {
    const claims = { azp: principal, email: principal, email_verified: true };
    const { token } = await mintIdToken(world, { ...grant, audience, claims }, verified);
    return tokenReply({ id_token: token }, { ...grant, audience });
  }
  const about = { ...grant, ...(scope ? { scope } : {}), ...(sub ? { sub } : {}) };
  const { token } = mintAccessToken(world, { ...about, ...verified });
  return tokenReply({ access_token: token, ...saidExpiry(world), token_type: "Bearer" }, about);
}

async function refreshUser(form: URLSearchParams, world: GoogleWorld): Promise<GoogleReply> {
  const { user } = world;
  const { scope } = redeemRefreshToken(form, { client: user, world });
  const grant = { grant: "refresh_token", principal: user.principal } as const;
  const { token } = mintAccessToken(world, { ...grant, scope });
  const body = { access_token: token, ...saidExpiry(world), scope, token_type: "Bearer" };
  if (!scope.split(" ").includes("openid")) return tokenReply(body, { ...grant, scope });
  const claims = { azp: user.id, email: user.principal, email_verified: true };
  const identity = await mintIdToken(world, { ...grant, audience: user.id, claims });
  return tokenReply({ ...body, id_token: identity.token }, { ...grant, scope });
}

/** Checks a refresh token, and that no more scopes are asked for than were consented to. */
export function redeemRefreshToken(
  form: URLSearchParams,
  { client, world }: { client: OAuthClient; world: GoogleWorld },
): { scope: string } {
  const refreshToken = form.get("refresh_token");
  if (!refreshToken) throw refuseGrant(googleRefusals.noRefreshToken);
  if (refreshToken !== client.refreshToken) throw refuseGrant(googleRefusals.wrongToken);
  if (world.revoked.has(refreshToken)) throw refuseGrant(googleRefusals.token);
  const scopes = form.get("scope")?.split(" ") ?? client.scopes;
  const consented = scopes.every((scope) => client.scopes.includes(scope));
  if (!consented) throw refuseGrant(googleRefusals.userScope);
  return { scope: scopes.join(" ") };
}
