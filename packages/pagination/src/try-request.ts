import { DecantError, isDecantError, readBody } from "@decant/core";
import { FailedTry } from "./failed-try.ts";
import { parseBody } from "./parse-body.ts";
import type { RequestOptions, ResponseHead } from "./request-options.ts";
import { showUrl } from "./show-url.ts";
import { systemCode } from "./system-code.ts";
import { tlsFailure } from "./tls-failure.ts";
import { toFailedTry } from "./to-failed-try.ts";

/** How much of an answer that is no page its explanation may see. */
const EXCERPT_BYTES = 8 * 1024;

/** A body that was read and parsed. */
export interface Answer<T> {
  readonly value: T;
  readonly response: ResponseHead;
  /** How many bytes the body had, decoded. */
  readonly bytes: number;
}

/** The options of a request whose address and headers were checked. */
export interface CheckedRequest<T> extends RequestOptions<T> {
  readonly url: URL;
  readonly headers: Headers;
}

/**
 * Makes one try. It throws a {@linkcode FailedTry}, or the signal's reason, or what code of the
 * caller's throws: that is no failure of the network, and must not be taken for one.
 */
export async function tryRequest<T>(options: CheckedRequest<T>): Promise<Answer<T>> {
  const { signal, timeoutMs = 60_000 } = options;
  signal?.throwIfAborted();
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  const timer = setTimeout(() => stop.abort(timedOut(options.url, timeoutMs)), timeoutMs);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await transfer(options, stop.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

async function transfer<T>(options: CheckedRequest<T>, signal: AbortSignal): Promise<Answer<T>> {
  const { url, headers, fetch = globalThis.fetch, maxBytes = 64 * 1024 * 1024 } = options;
  const context = { url, signal };
  const ask = async () => fetch(url, { headers, signal, redirect: "manual" });
  const response = await overNetwork(ask, context);
  if (!response.ok) {
    const excerpt = await readExcerpt(response);
    signal.throwIfAborted();
    throw toFailedTry(options, response, excerpt);
  }
  const expected = declaredLength(response.headers);
  if (expected !== undefined && expected > maxBytes) {
    response.body?.cancel().catch(() => {});
    throw tooLarge(url, maxBytes);
  }
  const read = () => readBody(response.body, { limit: maxBytes, expected });
  const { bytes, more } = await overNetwork(read, context);
  if (more && expected === undefined) throw tooLarge(url, maxBytes);
  if (expected !== undefined && (more || bytes.byteLength !== expected)) throw cutOff(url);
  if (isHtml(bytes, response.headers)) {
    throw toFailedTry(options, response, bytes.subarray(0, EXCERPT_BYTES));
  }
  const head = { status: response.status, url: url.href, headers: response.headers };
  return { value: parseBody(options, bytes, head), response: head, bytes: bytes.byteLength };
}

/** Does what only the network and the end of the signal can make fail. */
async function overNetwork<T>(
  task: () => Promise<T>,
  { url, signal }: { readonly url: URL; readonly signal: AbortSignal },
): Promise<T> {
  try {
    return await task();
  } catch (error) {
    signal.throwIfAborted();
    throw connectionFailed(url, error);
  }
}

/** The status says enough where the body cannot be read. */
async function readExcerpt(response: Response): Promise<Uint8Array> {
  try {
    return (await readBody(response.body, { limit: EXCERPT_BYTES })).bytes;
  } catch {
    return new Uint8Array();
  }
}

/** The length of the body as it will be read; unknown where it comes compressed. */
function declaredLength(headers: Headers): number | undefined {
  const value = headers.get("content-length");
  if (value === null || !/^\d+$/.test(value) || headers.has("content-encoding")) return undefined;
  return Number(value);
}

/** A login or error page. JSON never begins with `<`, whatever type a server gives it. */
function isHtml(bytes: Uint8Array, headers: Headers): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart().toLowerCase();
  const declared = headers.get("content-type")?.toLowerCase().includes("html") ?? false;
  return declared ? start.startsWith("<") : /^<(!doctype html|html)\b/.test(start);
}

function tooLarge(url: URL, maxBytes: number): FailedTry {
  const message = `Cannot read ${showUrl(url)}: its body is larger than ${maxBytes} bytes`;
  const hint = "Ask for fewer rows a page, or allow more bytes.";
  const error = new DecantError("PAGE_TOO_LARGE", message, { kind: "source", hint });
  return new FailedTry(error, { reason: "too large" });
}

function cutOff(url: URL): FailedTry {
  return unavailable(url, "its body was cut off", { reason: "cut-off body" });
}

function timedOut(url: URL, timeoutMs: number): FailedTry {
  const state = `it took longer than ${timeoutMs / 1000} s`;
  return unavailable(url, state, { reason: "timed out" });
}

/** Whatever fetch() and the body's stream throw; a wrapper around fetch() may have its own words. */
function connectionFailed(url: URL, cause: unknown): FailedTry {
  if (isDecantError(cause)) {
    return new FailedTry(cause, { reason: "request failed", waitMs: cause.retryAfterMs });
  }
  const refused = tlsFailure(url, cause);
  if (refused) return new FailedTry(refused, { reason: "TLS failed" });
  const code = systemCode(cause);
  const state = `the connection failed${code ? ` (${code})` : ""}`;
  return unavailable(url, state, { reason: "connection failed", cause });
}

function unavailable(url: URL, state: string, options: { reason: string; cause?: unknown }) {
  const { reason, cause } = options;
  const error = new DecantError("SOURCE_UNAVAILABLE", `Cannot read ${showUrl(url)}: ${state}`, {
    kind: "source",
    retryable: true,
    hint: "See whether the server can be reached from here, and try again later.",
    cause,
  });
  return new FailedTry(error, { reason });
}
