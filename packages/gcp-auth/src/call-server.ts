import { readBody } from "@decant/core";
import { answerError } from "./answer-error.ts";
import { cleanText } from "./clean-text.ts";
import type { Effects } from "./effects.ts";
import { type Exchange, exchangeError } from "./exchange-error.ts";
import { formatDuration } from "./format-duration.ts";
import { type JsonObject, parseObject } from "./parse-object.ts";
import { retry } from "./retry.ts";

/** What is sent. */
export interface ServerRequest {
  /** @default {"POST"} */
  readonly method?: "GET" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
}

/** The effects of {@linkcode callServer}, and the caller's patience. */
export interface CallOptions extends Effects {
  readonly signal: AbortSignal;
}

/** A successful answer. */
export interface Answer {
  readonly text: string;
  readonly headers: Headers;
  /** When the request was sent, in milliseconds since 1970. */
  readonly sent: number;
  /** The server's own time, where it told it, else this machine's. */
  readonly serverNow: number;
}

/** A token with all that comes with it takes less than 4 KiB. */
const longestBody = 64 * 1024;

/**
 * Asks a server, up to four times while it is busy or cannot be reached. Redirects are not followed:
 * what is sent is meant for this address and for no other.
 *
 * @throws {DecantError} for anything but an answer of success.
 */
export function callServer(
  exchange: Exchange & ServerRequest,
  options: CallOptions,
): Promise<Answer> {
  return retry(() => callOnce(exchange, options), options);
}

/**
 * The same, for an answer in JSON.
 *
 * @throws {DecantError} `GCP_ANSWER_INVALID` too, for an answer that is no JSON object.
 */
export async function callForJson(
  exchange: Exchange & ServerRequest,
  options: CallOptions,
): Promise<Answer & { readonly data: JsonObject }> {
  const answer = await callServer(exchange, options);
  const data = parseObject(answer.text);
  if (data) return { ...answer, data };
  const response = new Response(null, { status: 200 });
  throw answerError(exchange, { ...answer, response, data, now: options.now() });
}

/** Asks a server once. */
export async function callOnce(
  exchange: Exchange & ServerRequest,
  options: CallOptions,
): Promise<Answer> {
  const sent = options.now();
  const { response, text, more } = await send(exchange, options);
  if (more && response.ok) throw tooLong(exchange);
  const now = options.now();
  if (!response.ok) {
    throw answerError(exchange, { response, text, data: parseObject(text), now });
  }
  const date = Date.parse(response.headers.get("date") ?? "");
  return { text, headers: response.headers, sent, serverNow: Number.isNaN(date) ? now : date };
}

async function send(exchange: Exchange & ServerRequest, options: CallOptions) {
  const { url, method = "POST", headers, body } = exchange;
  const timeout = AbortSignal.timeout(options.timeoutMs);
  try {
    const response = await options.fetch(url, {
      method,
      headers: { accept: "application/json", ...headers },
      ...(body === undefined ? {} : { body }),
      redirect: "manual",
      signal: AbortSignal.any([options.signal, timeout]),
    });
    const { bytes, more } = await readBody(response.body, { limit: longestBody });
    return { response, text: new TextDecoder().decode(bytes), more };
  } catch (error) {
    options.signal.throwIfAborted();
    const reason = timeout.aborted
      ? `no answer within ${formatDuration(options.timeoutMs)}`
      : describeFailure(error);
    throw exchangeError(exchange, {
      code: "GCP_UNREACHABLE",
      state: `${new URL(url).host} cannot be reached (${reason})`,
      hint: "Check the network and the proxy settings, and try again.",
      retryable: true,
    });
  }
}

function tooLong(exchange: Exchange): Error {
  return exchangeError(exchange, {
    code: "GCP_ANSWER_INVALID",
    state: "the server's answer is longer than 64 KiB",
    hint: `Check that ${exchange.urlSource} is the right server.`,
  });
}

/** The system's name for a network failure, such as `ECONNREFUSED`, else the error's message. */
function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return "for no known reason";
  const { code } = (error.cause ?? error) as { code?: unknown };
  if (typeof code === "string") return cleanText(code);
  // Deno quotes the whole address, and a query may hold anything.
  return cleanText(error.message.replace(/\?[^\s)]*/g, ""));
}
