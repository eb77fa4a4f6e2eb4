import { isDecantError, type Token } from "@decant/core";
import { beginLogin } from "./begin-login.ts";
import type { Grant, GrantRequest } from "./grant.ts";
import { type Login, parseLogin } from "./login.ts";
import type { LoginGrantParts } from "./login-parts.ts";
import { noIdToken } from "./no-id-token.ts";
import type { Granted } from "./parse-granted.ts";
import { renewLogin } from "./renew-login.ts";
import { revokeLogin } from "./revoke-login.ts";

/** Tokens for a person who has signed in, renewed with a refresh token (RFC 6749, section 6). */
export async function loginGrant(parts: LoginGrantParts): Promise<Grant> {
  const { session, server: findServer, secrets, name, initial } = parts;
  const inTurn = createQueue();
  const load = async () => parseLogin(await secrets.get(name)) ?? initial;
  const found = await load();

  async function mint(request: GrantRequest, signal: AbortSignal): Promise<Granted> {
    signal.throwIfAborted();
    // Nobody need sign in to learn that.
    if (request.wants === "idToken" && !(await findServer(signal)).openId) {
      throw noIdToken(session.settings.server);
    }
    const login = await load();
    if (login && (initial || covers(login, request))) {
      const kept = login.granted;
      if (kept && livesFor(kept[request.wants], session.now(), request.minTtlMs)) return kept;
      if (login.refreshToken !== undefined) {
        try {
          return await renewLogin(parts, { request, signal });
        } catch (error) {
          const ended = isDecantError(error) && error.code === "OIDC_LOGIN_ENDED";
          if (initial || !ended) throw error;
          session.tell?.("The sign-in has ended.");
        }
      }
    }
    return await beginLogin(parts, { request, signal, before: login });
  }

  return {
    identity: found && [found.id],
    principal: found?.subject,
    scopes: found?.scopes ?? [],
    hasIdTokens: true,
    mint: (request, signal) => inTurn(() => mint(request, signal)),
    revoke: (signal) => inTurn(async () => revokeLogin(parts, { login: await load(), signal })),
  };
}

/** Runs one task after the other: each finds what the one before has left. */
function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task, task);
    last = run;
    return run;
  };
}

function covers({ scopes, audiences }: Login, request: GrantRequest): boolean {
  const { audience } = request;
  return (
    request.scopes.every((scope) => scopes.includes(scope)) &&
    (audience === undefined || audiences.includes(audience))
  );
}

function livesFor(token: Token | undefined, now: number, minTtlMs: number): boolean {
  if (!token?.expiresAt) return token !== undefined;
  return token.expiresAt.getTime() - now > minTtlMs;
}
