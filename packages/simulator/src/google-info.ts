import { apiErrors, refuseCall } from "./google-api-error.ts";
import { findToken, type GoogleCall, type GoogleReply, requireToken } from "./google-call.ts";
import { refuseGrant } from "./google-refusal.ts";
import { numericId, project } from "./google-world.ts";
import { json } from "./reply.ts";

/** `oauth2.googleapis.com/tokeninfo`: whose access token it is, what for, and how long. */
export async function tokenInfo({ request, world }: GoogleCall): Promise<GoogleReply> {
  const form = new URLSearchParams(await request.text());
  const bearer = /^Bearer (\S+)$/i.exec(request.header("authorization") ?? "")?.[1];
  const query = request.url.searchParams.get("access_token");
  const token = findToken(world, bearer ?? form.get("access_token") ?? query ?? undefined);
  if (!token) {
    const description = "Invalid Value";
    throw refuseGrant({ status: 400, error: "invalid_token", description });
  }
  const { principal, scope = "", expiresAt } = token;
  const client = principal === world.user.principal ? world.user.id : numericId(principal);
  const exp = Math.floor(expiresAt / 1_000);
  return json({
    ...{ azp: client, aud: client, sub: numericId(principal), scope, exp: String(exp) },
    ...{ expires_in: String(exp - Math.floor(world.now() / 1_000)) },
    ...(principal.includes("@") ? { email: principal, email_verified: "true" } : {}),
    access_type: principal === world.user.principal ? "offline" : "online",
  });
}

/** `cloudresourcemanager.googleapis.com/v1/projects/{number}`: the project's id. */
export function projectInfo(call: GoogleCall): GoogleReply {
  requireToken(call);
  const { id, number } = project;
  const known = [id, number].some((one) => one === call.params[0]);
  if (!known) throw refuseCall(apiErrors.notFound);
  return json({ projectNumber: number, projectId: id, lifecycleState: "ACTIVE", name: "Demo" });
}
