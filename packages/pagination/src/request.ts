import { DecantError } from "@decant/core";
import { checkUrl } from "./check-url.ts";
import type { RequestOptions } from "./request-options.ts";
import { type Answer, tryRequest } from "./try-request.ts";
import { withRetry } from "./with-retry.ts";

/**
 * Makes one GET request and reads its body. Statuses 408, 429 and 5xx, failed connections, timeouts,
 * and bodies that are cut off or malformed are tried again, with growing waits and with what
 * `Retry-After` asks for. Redirects are not followed, so that headers stay with the origin of `url`.
 *
 * @param options What to ask for, and how to read the answer.
 * @returns The parsed body, and what is known of the answer.
 * @throws {DecantError} `SOURCE_UNAVAILABLE`, `SOURCE_THROTTLED` or `PAGE_MALFORMED`, with
 * `retryable` set, when patience has ended; `SOURCE_REJECTED` for any other status, of kind
 * `credentials` for 401 and 403; `PAGE_REDIRECTED`, `PAGE_HTML`, `PAGE_TOO_LARGE`; whatever
 * `explain` made of an answer; `TLS_FAILED`; `REQUEST_INVALID` before anything is sent.
 * @throws the signal's reason when it is aborted.
 * @throws at once and unchanged, what `explain`, `onRetry` or another function of yours throws; for
 * `parse` see {@linkcode RequestOptions.parse}.
 *
 * @example
 * ```ts
 * import { request } from "@decant/pagination";
 *
 * const { value } = await request({
 *   url: "https://registry.npmjs.org/p-retry/latest",
 *   parse: (body) => JSON.parse(new TextDecoder().decode(body)) as { version: string },
 * });
 * ```
 */
export async function request<T>(options: RequestOptions<T>): Promise<Answer<T>> {
  const checked = {
    ...options,
    url: checkUrl(options.url),
    headers: checkHeaders(options.headers),
  };
  const attempt = () => tryRequest(checked);
  const { gate, signal } = options;
  return withRetry(gate ? () => gate.run(attempt, signal) : attempt, options);
}

function checkHeaders(init: HeadersInit | undefined): Headers {
  try {
    return new Headers(init);
  } catch {
    // The error is left out on purpose: its message quotes the value.
    throw new DecantError("REQUEST_INVALID", "Cannot send the request: a header is malformed", {
      kind: "usage",
      hint: "Look for line breaks and other odd characters in it.",
    });
  }
}
