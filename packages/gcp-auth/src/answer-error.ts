import { type DecantError, retryAfter } from "@decant/core";
import { cleanText } from "./clean-text.ts";
import { type Exchange, exchangeError } from "./exchange-error.ts";
import { refusalError } from "./refusal-error.ts";

/** An answer of a server that is not what was asked for. */
export interface BadAnswer {
  readonly response: Response;
  readonly text: string;
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
  // Google's own metadata server refuses with a page.
  const isOwnPage = response.headers.get("metadata-flavor") === "Google";
  if (status < 300 || (isPage(answer) && !isOwnPage)) return unreadable(exchange, answer);
  const words = data ? errorTexts(data) : plainText(answer.text);
  if (transientErrors.has(words.error)) return unavailable(exchange, answer);
  const date = Date.parse(response.headers.get("date") ?? "");
  return refusalError(exchange, {
    ...words,
    status,
    error: words.error || `status ${status}`,
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

function unreadable(exchange: Exchange, answer: BadAnswer): DecantError {
  const { host } = new URL(exchange.url);
  const what = isPage(answer) ? "an HTML page" : "something that is no JSON object";
  return exchangeError(exchange, {
    code: "GCP_ANSWER_INVALID",
    state: `the server answered with ${what} (status ${answer.response.status})`,
    hint: `Check whether a proxy or a sign-in page stands between this machine and ${host}.`,
  });
}

function isPage({ text, data }: BadAnswer): boolean {
  return data === undefined && /^\s*</.test(text);
}

function redirected(exchange: Exchange, { response }: BadAnswer): DecantError {
  const location = response.headers.get("location") ?? "";
  const { url, urlSource } = exchange;
  // The path and query of a redirect may hold anything, so only the origin is told.
  const target = URL.canParse(location, url) ? new URL(location, url).origin : "nowhere";
  return exchangeError(exchange, {
    code: "GCP_ANSWER_INVALID",
    state: `the server redirects to ${target}, and a secret is never sent on`,
    hint: `Check ${urlSource}, and whether a proxy stands in between.`,
  });
}

interface Words {
  readonly error: string;
  readonly description: string;
  readonly reason: string;
}

/** The metadata servers of Google and AWS refuse in plain text. */
function plainText(text: string): Words {
  const description = /^\s*</.test(text) ? "" : cleanText(text);
  return { error: "", description, reason: "" };
}

/** The error as OAuth shapes it, or as Google's other services do: an object with a message. */
function errorTexts(data: Readonly<Record<string, unknown>>): Words {
  const { error, error_description, error_subtype } = data;
  if (typeof error !== "object" || error === null) {
    const [code, description, reason] = [error, error_description, error_subtype].map(clean);
    return { error: code!, description: description!, reason: reason! };
  }
  const { status, message, details } = error as Readonly<Record<string, unknown>>;
  const reasons = (Array.isArray(details) ? details : []).map((detail) => Object(detail).reason);
  return {
    error: clean(status),
    description: clean(message),
    reason: clean(reasons.find((reason) => typeof reason === "string")),
  };
}

function clean(value: unknown): string {
  return typeof value === "string" ? cleanText(value) : "";
}
