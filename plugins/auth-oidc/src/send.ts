import { isDecantError, retryAfter } from "@decant/core";
import { answerError, wordsOf } from "./answer-flaw.ts";
import { checkAddress } from "./check-address.ts";
import { cleanText } from "./clean-text.ts";
import { fetchWhole, type RequestParts, type SendOptions, type Sent } from "./fetch-whole.ts";
import { oidcError } from "./oidc-error.ts";
import type { Session } from "./session.ts";

/** Why a server did not do what it was asked (RFC 6749, section 5.2). */
interface Refusal {
  readonly status: number;
  /** The `error` of the answer, or nothing. */
  readonly error: string | undefined;
  /** The `error_description`, fit for a message. */
  readonly description: string;
}

/** The answer of a server: whole, and not too long. */
export interface Answer {
  readonly response: Response;
  /** The body, where it is a JSON object. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
  /** Present: it was refused. */
  readonly refusal: Refusal | undefined;
  /** When the request was sent, in milliseconds since 1970. */
  readonly sent: number;
  /** By how much the server's clock is ahead of ours, in milliseconds, where it says. */
  readonly clockOffMs: number | undefined;
}

/** What a request is made with, as the functions of oauth4webapi take it. */
export type Send = (url: string, init: RequestParts) => Promise<Response>;

const secretParameters =
  "client_secret client_assertion refresh_token device_code subject_token token".split(" ");

/**
 * Sends one request. Redirects are not followed: what is sent is meant for this address and for no
 * other.
 *
 * @param make Makes the request with the function that it is given.
 * @throws {DecantError} `OIDC_UNREACHABLE` or `OIDC_UNAVAILABLE`, both retryable; `OIDC_ANSWER_INVALID`, or
 * `OIDC_URL_UNSAFE`.
 */
export async function send(
  make: (send: Send) => Promise<Response>,
  session: Session,
  options: SendOptions,
): Promise<Answer> {
  let answer: Answer | undefined;
  try {
    await make(async (url, init) => {
      answer = await sendOnce({ url, init }, session, options);
      return answer.response;
    });
  } catch (error) {
    options.signal.throwIfAborted();
    throw isDecantError(error) ? error : answerError(session, wordsOf(error));
  }
  return answer!;
}

async function sendOnce(request: Sent, session: Session, options: SendOptions): Promise<Answer> {
  const { url, init } = request;
  const { settings, now } = session;
  const trusted = settings.issuer ?? settings.tokenEndpoint ?? "";
  checkAddress(url, { name: "an address of the server", loopback: trusted.startsWith("http:") });
  const sent = now();
  const { response, bytes, more } = await fetchWhole(request, session, options);
  const secrets = [
    ...[settings.secret, settings.refreshToken].filter((text) => text !== undefined),
    ...secretParameters.flatMap((name) => init.body?.get(name) ?? []),
    ...(init.headers["authorization"]?.split(" ") ?? []),
  ];
  const { status } = response;
  const flaw = { action: options.action, host: new URL(url).host, server: settings.server };
  if (status >= 300 && status < 400) throw invalid(flaw, "it sends the request elsewhere");
  if (more) throw invalid(flaw, "its answer is longer than 1 MiB");
  const text = new TextDecoder().decode(bytes);
  const data = parseObject(text);
  const refusal = readRefusal(response, data, secrets);
  if (refusal && (status === 408 || status === 429 || status >= 500)) {
    throw unavailable(flaw, { refusal, wait: retryAfter(response.headers, now()) });
  }
  const contentType = response.headers.get("content-type") ?? "";
  const date = Date.parse(response.headers.get("date") ?? "");
  return {
    ...{ data, refusal, sent },
    response: new Response(bytes.byteLength > 0 ? text : null, {
      status,
      headers: { "content-type": contentType },
    }),
    clockOffMs: Number.isNaN(date) ? undefined : date - now(),
  };
}

function parseObject(text: string): Answer["data"] {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Answer["data"]) : undefined;
  } catch {
    return undefined;
  }
}

function readRefusal(
  { ok, status }: Response,
  data: Answer["data"],
  secrets: readonly string[],
): Refusal | undefined {
  const { error, error_description: words } = data ?? {};
  const named = typeof error === "string" && error !== "" ? error : undefined;
  // GitHub refuses with the status of success.
  if (ok && named === undefined) return undefined;
  return {
    status,
    error: named,
    description: typeof words === "string" ? cleanText(words, secrets) : "",
  };
}

interface Place {
  readonly action: string | undefined;
  readonly host: string;
  readonly server: string;
}

function invalid({ action, host, server }: Place, state: string): Error {
  return oidcError(server, {
    ...(action !== undefined && { action }),
    ...{ code: "OIDC_ANSWER_INVALID", state: `${host} makes no sense: ${state}` },
    hint: "Check the address of the server, and what stands in front of it.",
  });
}

function unavailable(
  { action, host, server }: Place,
  { refusal, wait }: { readonly refusal: Refusal; readonly wait: number | undefined },
): Error {
  const { status, description } = refusal;
  return oidcError(server, {
    ...(action !== undefined && { action }),
    ...{ code: "OIDC_UNAVAILABLE", retryable: true, retryAfterMs: wait },
    state: `${host} answers with ${status}${description && ` (${description})`}`,
    hint: "Wait a little, and try again.",
  });
}
