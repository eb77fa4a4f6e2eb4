import { type GoogleCall, type GoogleReply, tokenReply } from "./google-call.ts";
import { googleRefusals, refuseGrant } from "./google-refusal.ts";

/**
 * `oauth2.googleapis.com/revoke`: ends a user's consent, by the refresh token or any access token
 * that came of it (RFC 7009). The tokens of service accounts cannot be revoked.
 */
export async function revokeEndpoint({ request, world }: GoogleCall): Promise<GoogleReply> {
  const form = new URLSearchParams(await request.text());
  const token = form.get("token") ?? request.url.searchParams.get("token");
  const issued = world.issued.filter(
    ({ kind, grant }) => kind === "access" && grant === "refresh_token",
  );
  const client = [world.user, world.worker].find(
    ({ principal, refreshToken }) =>
      refreshToken === token ||
      issued.some((one) => one.token === token && one.principal === principal),
  );
  if (!client || world.revoked.has(client.refreshToken)) {
    throw refuseGrant(googleRefusals.revocation);
  }
  world.revoked.add(client.refreshToken);
  for (const one of issued) if (one.principal === client.principal) world.revoked.add(one.token);
  return tokenReply({}, { revoked: client.principal });
}
