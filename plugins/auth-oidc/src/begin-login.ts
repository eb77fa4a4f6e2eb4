import { targetParameters } from "./grant.ts";
import { formatLogin, type Login } from "./login.ts";
import type { LoginGrantParts, Minting } from "./login-parts.ts";
import { type Granted, parseGranted } from "./parse-granted.ts";
import { signIn } from "./sign-in.ts";

/** Lets a person sign in, for all that was asked for before and is asked for now, and keeps that. */
export async function beginLogin(
  { session, server: findServer, secrets, name }: LoginGrantParts,
  { request, signal, before }: Minting & { readonly before: Login | undefined },
): Promise<Granted> {
  const server = await findServer(signal);
  const { scopes_supported: known = [] } = server.metadata;
  const scopes = union(
    server.openId ? ["openid"] : [],
    known.includes("offline_access") ? ["offline_access"] : [],
    ...[before?.scopes ?? [], request.scopes],
  );
  const { audience } = request;
  // Several may be named as resources, and one only as an audience.
  const older = session.settings.audienceParameter === "resource" ? (before?.audiences ?? []) : [];
  const audiences = union(older, audience === undefined ? [] : [audience]);
  const targets = audiences.flatMap((item) =>
    targetParameters(session, { scopes: [], audience: item }),
  );
  const answer = await signIn(session, {
    ...{ server, signal },
    parameters: [...targetParameters(session, { scopes, audience: undefined }), ...targets],
    target: targetParameters(session, { scopes: [], audience }),
  });
  const granted = await parseGranted(answer, session, {
    ...{ server, scopes, signal, withIdToken: server.openId, principal: undefined },
  });
  const next = answer.data?.["refresh_token"];
  const refreshToken = typeof next === "string" && next !== "" ? next : undefined;
  const login: Login = {
    ...{ id: crypto.randomUUID(), audiences },
    scopes: union(scopes, granted.token.scopes ?? []),
    ...(granted.subject !== undefined && { subject: granted.subject }),
    ...(refreshToken === undefined ? { granted } : { refreshToken }),
  };
  await secrets.update(name, async () => formatLogin(login));
  return granted;
}

function union(...lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}
