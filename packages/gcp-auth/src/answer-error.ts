import { type DecantError, retryAfter } from "@decant/core";
import { cleanText } from "./clean-text.ts";
import { type Exchange, exchangeError } from "./exchange-error.ts";
import { refusalError } from "./refusal-error.ts";

/** An answer of the token endpoint that holds no token. */
export interface BadAnswer {
  readonly response: Response;
  readonly body: string;
  /** The body, where it is a JSON object. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
  /** When it arrived, in milliseconds since 1970. */
  readonly now: number;
}

const transientStatus = new Set([408, 429]);
const transientErrors = new Set(["internal_failure", "server_error", "temporarily_unavailable"]);

/** Makes an error of an answer without a token. */
export function answerError(exchange: Exchange, answer: BadAnswer): DecantError {
  const { response, data, now } = answer;
  const { status } = response;
  if (transientStatus.has(status) || status >= 500) return unavailable(exchange, answer);
  if (status >= 300 && status < 400) return redirected(exchange, answer);
  if (!data) return unreadable(exchange, answer);
  const { error, description } = errorTexts(data);
  if (transientErrors.has(error)) return unavailable(exchange, answer);
  const date = Date.parse(response.headers.get("date") ?? "");
  return refusalError(exchange, {
    error: error || `status ${status}`,
    description,
    clockAheadMs: Number.isNaN(date) ? undefined : now - date,
  });
}

function unavailable(exchange: Exchange, { response, now }: BadAnswer): DecantError {
  const retryAfterMs = retryAfter(response.headers, now);
  return exchangeError(exchange, {
    code: "GCP_UNAVAILABLE",
    state: `the server answered with status ${response.status}`,
    hint: "Try again later.",
    retryable: true,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function unreadable(exchange: Exchange, { response, body }: BadAnswer): DecantError {
  const { host } = new URL(exchange.key.token_uri);
  const what = /^\s*</.test(body) ? "an HTML page" : "something that is no JSON object";
  return exchangeError(exchange, {
    code: "GCP_ANSWER_INVALID",
    state: `the server answered with ${what} (status ${response.status})`,
    hint: `Check whether a proxy or a sign-in page stands between this machine and ${host}.`,
  });
}

function redirected(exchange: Exchange, { response }: BadAnswer): DecantError {
  const location = response.headers.get("location") ?? "";
  const { token_uri } = exchange.key;
  // The path and query of a redirect may hold anything, so only the origin is told.
  const target = URL.canParse(location, token_uri)
    ? new URL(location, token_uri).origin
    : "nowhere";
  return exchangeError(exchange, {
    code: "GCP_ANSWER_INVALID",
    state: `the server redirects to ${target}, and an assertion is never sent on`,
    hint: "Check token_uri in the key file, and whether a proxy stands in between.",
  });
}

function text(value: unknown): string {
  return typeof value === "string" ? cleanText(value) : "";
}

/** The error as OAuth shapes it, or as Google's other services do: an object with a message. */
function errorTexts(data: Readonly<Record<string, unknown>>): {
  error: string;
  description: string;
} {
  const { error, error_description } = data;
  if (typeof error !== "object" || error === null) {
    return { error: text(error), description: text(error_description) };
  }
  const { status, message } = error as { status?: unknown; message?: unknown };
  return { error: text(status), description: text(message) };
}
