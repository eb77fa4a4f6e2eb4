import { DecantError, isDecantError, readBody } from "@decant/core";
import { FailedTry } from "./failed-try.ts";
import type { RequestOptions, ResponseHead } from "./request-options.ts";
import { showUrl } from "./show-url.ts";
import { toFailedTry } from "./to-failed-try.ts";

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

/** Makes one try. It throws a {@linkcode FailedTry}, or the signal's reason. */
export async function tryRequest<T>(options: CheckedRequest<T>): Promise<Answer<T>> {
  const { signal, timeoutMs = 60_000 } = options;
  signal?.throwIfAborted();
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  const timer = setTimeout(() => stop.abort(timedOut(options.url, timeoutMs)), timeoutMs);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await transfer(options, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) throw stop.signal.reason;
    throw error instanceof FailedTry ? error : connectionFailed(options.url, error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

async function transfer<T>(options: CheckedRequest<T>, signal: AbortSignal): Promise<Answer<T>> {
  const { url, headers, fetch = globalThis.fetch, maxBytes = 64 * 1024 * 1024 } = options;
  const response = await fetch(url, { headers, signal, redirect: "manual" });
  if (!response.ok) throw await toFailedTry(options, response);
  const expected = declaredLength(response.headers);
  if (expected !== undefined && expected > maxBytes) {
    response.body?.cancel().catch(() => {});
    throw tooLarge(url, maxBytes);
  }
  const { bytes, more } = await readBody(response.body, { limit: maxBytes, expected });
  if (more && expected === undefined) throw tooLarge(url, maxBytes);
  if (expected !== undefined && (more || bytes.byteLength !== expected)) throw cutOff(url);
  if (isHtml(bytes, response.headers)) throw await toFailedTry(options, response, bytes);
  const head = { status: response.status, url: url.href, headers: response.headers };
  return { value: parse(options, bytes, head), response: head, bytes: bytes.byteLength };
}

function parse<T>(options: CheckedRequest<T>, bytes: Uint8Array, head: ResponseHead): T {
  try {
    return options.parse(bytes, head);
  } catch (cause) {
    const message = `Cannot read ${showUrl(options.url)}: its body is cut off or malformed`;
    const error = new DecantError("PAGE_MALFORMED", message, {
      kind: "source",
      retryable: true,
      hint: "Try again later; if it persists, the server or a proxy in front of it is at fault.",
      cause,
    });
    throw new FailedTry(error, { reason: "malformed body" });
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
  if (isDecantError(cause)) return new FailedTry(cause, { reason: "request failed" });
  const code = systemCode(cause);
  const state = `the connection failed${code ? ` (${code})` : ""}`;
  return unavailable(url, state, { reason: "connection failed", cause });
}

/** Such as `ECONNREFUSED`. Node has it on an inner cause, Bun on the error, Deno not at all. */
function systemCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string" && /^\w+$/.test(at.code)) return at.code;
  }
  return undefined;
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
