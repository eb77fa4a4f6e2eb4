import { isDecantError, type Token } from "@decant/core";
import * as oauth from "oauth4webapi";
import { answerError, answerFlaw, idTokenError, wordsOf } from "./answer-flaw.ts";
import { clientOf } from "./client-auth.ts";
import { retry } from "./retry.ts";
import { type Answer, send } from "./send.ts";
import type { Server } from "./server.ts";
import type { Session } from "./session.ts";

/** What a token endpoint gave. */
export interface Granted {
  readonly token: Token;
  /** Checked: its issuer, its audience, its times and its signature. */
  readonly idToken: Token | undefined;
  /** Whom the ID token is about. */
  readonly subject: string | undefined;
}

/** How an answer is read. */
export interface ParseOptions {
  readonly server: Server;
  /** What was asked for: the server says what it gave only where that differs. */
  readonly scopes: readonly string[];
  /** Whether an ID token in the answer counts. */
  readonly withIdToken: boolean;
  /** Whom the token stands for, where no ID token tells. */
  readonly principal: string | undefined;
  readonly signal: AbortSignal;
}

/** A longer life is taken for this much: what says 10000 years is a mistake. */
const longestMs = 366 * 86_400_000;

/**
 * Reads the answer of a token endpoint (RFC 6749, section 5.1), and checks an ID token in it. The time to
 * live counts from when the request was sent, so that a slow answer cannot make it longer.
 *
 * @throws {DecantError} `OIDC_ANSWER_INVALID` or `OIDC_ID_TOKEN_INVALID`, neither of which quotes it.
 */
export async function parseGranted(
  answer: Answer,
  session: Session,
  options: ParseOptions,
): Promise<Granted> {
  const { server, scopes, withIdToken, signal } = options;
  const { id_token: _, ...withoutIdToken } = answer.data ?? {};
  const response = withIdToken || !answer.data ? answer.response : Response.json(withoutIdToken);
  const body = await oauth
    .processGenericTokenEndpointResponse(server.metadata, clientOf(session), response)
    .catch((error: unknown) => {
      throw answerFlaw(error, session, answer);
    });
  const claims = oauth.getValidatedIdTokenClaims(body);
  if (claims) await checkSignature(response, session, { server, signal });
  const principal = claims?.sub ?? options.principal;
  const granted = body.scope?.split(" ").filter(Boolean) ?? [];
  const all = granted.length > 0 ? granted : scopes;
  return {
    subject: claims?.sub,
    token: {
      ...{ value: usable(body.access_token, session), type: "Bearer" },
      ...endOf(body.expires_in, session, answer.sent),
      ...(all.length > 0 && { scopes: all }),
      ...(principal !== undefined && { principal }),
    },
    idToken: claims && {
      ...{ value: usable(body.id_token!, session), type: "Bearer", principal: claims.sub },
      expiresAt: new Date(Math.min(claims.exp * 1000, answer.sent + longestMs)),
    },
  };
}

/**
 * Checks the signature of an ID token with the keys that the server shows.
 *
 * @throws {DecantError} `OIDC_ID_TOKEN_INVALID`, or as requests do.
 */
async function checkSignature(
  response: Response,
  session: Session,
  { server, signal }: Pick<ParseOptions, "server" | "signal">,
): Promise<void> {
  try {
    await oauth.validateApplicationLevelSignature(server.metadata, response, {
      [oauth.allowInsecureRequests]: true,
      async [oauth.customFetch](url, init) {
        const once = () => send((ask) => ask(url, init), session, { signal });
        return (await retry(once, { ...session, signal })).response;
      },
    });
  } catch (error) {
    if (isDecantError(error)) throw error;
    throw idTokenError(session, wordsOf(error));
  }
}

/** It goes into a header and onto a terminal, so only visible ASCII may pass. */
function usable(value: string, session: Session): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw answerError(session, "its token has characters that no header can have");
}

function endOf(
  seconds: number | undefined,
  session: Session,
  sent: number,
): { readonly expiresAt?: Date } {
  if (seconds === undefined) return {};
  if (!(seconds > 0)) throw answerError(session, "its token has ended already (expires_in)");
  return { expiresAt: new Date(sent + Math.min(seconds * 1000, longestMs)) };
}
