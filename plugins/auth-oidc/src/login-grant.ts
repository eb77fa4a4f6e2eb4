import { isDecantError, type SecretStore } from "@decant/core";
import { type Grant, type GrantParts, type GrantRequest, targetParameters } from "./grant.ts";
import { formatLogin, type Login, parseLogin } from "./login.ts";
import { oidcError } from "./oidc-error.ts";
import { type Granted, parseGranted } from "./parse-granted.ts";
import { refusalError } from "./refusal-error.ts";
import { requestTokens } from "./request-tokens.ts";
import { revokeLogin } from "./revoke-login.ts";
import type { Answer } from "./send.ts";
import { signIn } from "./sign-in.ts";

/** What a grant that lives on a sign-in works with. */
export interface LoginGrantParts extends GrantParts {
  readonly secrets: SecretStore;
  /** What the sign-in is kept under. */
  readonly name: string;
  /** The sign-in to begin with. Absent: a person is asked for one. */
  readonly initial: Login | undefined;
}

/** Tokens for a person who has signed in, renewed with a refresh token (RFC 6749, section 6). */
export async function loginGrant(parts: LoginGrantParts): Promise<Grant> {
  const { session, secrets, name, initial } = parts;
  const inTurn = createQueue();
  const load = async () => parseLogin(await secrets.get(name)) ?? initial;
  const found = await load();

  async function mint(request: GrantRequest, signal: AbortSignal): Promise<Granted> {
    signal.throwIfAborted();
    const login = await load();
    if (login && (initial || covers(login, request))) {
      const kept = login.granted;
      if (kept && livesFor(kept, session.now(), request.minTtlMs)) return kept;
      if (login.refreshToken !== undefined) {
        try {
          return await renew(parts, { request, signal });
        } catch (error) {
          const ended = isDecantError(error) && error.code === "OIDC_LOGIN_ENDED";
          if (initial || !ended) throw error;
          session.tell?.("The sign-in has ended.");
        }
      }
    }
    return await begin(parts, { request, signal, before: login });
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

function livesFor({ token }: Granted, now: number, minTtlMs: number): boolean {
  return !token.expiresAt || token.expiresAt.getTime() - now > minTtlMs;
}

interface Minting {
  readonly request: GrantRequest;
  readonly signal: AbortSignal;
}

async function renew(
  { session, server: findServer, secrets, name, initial }: LoginGrantParts,
  { request, signal }: Minting,
): Promise<Granted> {
  const server = await findServer(signal);
  let renewed: { readonly answer: Answer; readonly login: Login } | undefined;
  await secrets.update(
    name,
    async (text) => {
      const login = parseLogin(text) ?? initial;
      const refreshToken = login?.refreshToken;
      if (!login || refreshToken === undefined) throw signedOut(session.settings.server);
      const answer = await requestTokens(session, {
        ...{ server, grantType: "refresh_token" },
        parameters: [["refresh_token", refreshToken], ...targetParameters(session, request)],
        // A token that may be good for one use only must not be lost on its way.
        signal: new AbortController().signal,
      });
      if (answer.refusal) throw refusalError(answer, session);
      renewed = { answer, login };
      const next = answer.data?.["refresh_token"];
      if (typeof next !== "string" || next === "" || next === refreshToken) return text;
      return formatLogin({ ...login, refreshToken: next });
    },
    { signal },
  );
  const { answer, login } = renewed!;
  const scopes = request.scopes.length > 0 ? request.scopes : login.scopes;
  const granted = await parseGranted(answer, session, {
    ...{ server, scopes, signal, withIdToken: server.openId, principal: login.subject },
  });
  checkSubject(granted, { login, server: session.settings.server });
  return granted;
}

/** OpenID Connect Core 1.0, section 12.2: a renewed ID token is about the same person. */
function checkSubject(
  { subject }: Granted,
  { login, server }: { readonly login: Login; readonly server: string },
): void {
  if (subject === undefined || login.subject === undefined || subject === login.subject) return;
  throw oidcError(server, {
    ...{ code: "OIDC_ID_TOKEN_INVALID", state: "its ID token is about somebody else" },
    hint: "Sign in again. The token was not used.",
  });
}

async function begin(
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

function signedOut(server: string): Error {
  return oidcError(server, {
    ...{ code: "OIDC_LOGIN_ENDED", state: "the sign-in was taken back meanwhile" },
    hint: "Sign in again.",
  });
}
