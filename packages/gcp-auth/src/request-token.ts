import { readBody } from "@decant/core";
import { answerError } from "./answer-error.ts";
import { cleanText } from "./clean-text.ts";
import { type Exchange, exchangeError } from "./exchange-error.ts";
import { formatDuration } from "./format-duration.ts";
import { type ExpiringToken, parseToken } from "./parse-token.ts";
import { signAssertion } from "./sign-assertion.ts";

/** The effects of {@linkcode requestToken}. */
export interface RequestTokenOptions {
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  /** How long one answer may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A token with all that comes with it takes less than 4 KiB. */
const longestBody = 64 * 1024;
const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/**
 * Asks the token endpoint once.
 *
 * @throws {DecantError} saying whether another try makes sense.
 */
export async function requestToken(
  exchange: Exchange,
  options: RequestTokenOptions,
): Promise<ExpiringToken> {
  const sent = options.now();
  const { response, body } = await post(exchange, options);
  const data = parseObject(body);
  if (response.ok && data) return parseToken(exchange, { data, sent });
  throw answerError(exchange, { response, body, data, now: options.now() });
}

/** The system's name for a network failure, such as `ECONNREFUSED`, else the error's message. */
function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return "for no known reason";
  const { code } = (error.cause ?? error) as { code?: unknown };
  return typeof code === "string" ? cleanText(code) : cleanText(error.message);
}

async function post(exchange: Exchange, options: RequestTokenOptions) {
  const { key, scopes, subject } = exchange;
  const assertion = await signAssertion(key, {
    scopes,
    now: options.now,
    ...(subject === undefined ? {} : { subject }),
  });
  const timeout = AbortSignal.timeout(options.timeoutMs);
  try {
    const response = await options.fetch(key.token_uri, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams({ grant_type: grantType, assertion }),
      // The assertion is meant for this address and for no other.
      redirect: "manual",
      signal: AbortSignal.any([options.signal, timeout]),
    });
    const { bytes } = await readBody(response.body, { limit: longestBody });
    return { response, body: new TextDecoder().decode(bytes) };
  } catch (error) {
    options.signal.throwIfAborted();
    const reason = timeout.aborted
      ? `no answer within ${formatDuration(options.timeoutMs)}`
      : describeFailure(error);
    throw exchangeError(exchange, {
      code: "GCP_UNREACHABLE",
      state: `${new URL(key.token_uri).host} cannot be reached (${reason})`,
      hint: "Check the network and the proxy settings, and try again.",
      retryable: true,
    });
  }
}

function parseObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
