import { DecantError, isDecantError } from "@decant/core";
import { FailedTry } from "./failed-try.ts";
import type { RequestOptions, ResponseHead } from "./request-options.ts";
import { showUrl } from "./show-url.ts";

/** Reads a body with the caller's `parse`, and tells a malformed body from a mistake in `parse`. */
export function parseBody<T>(
  options: RequestOptions<T> & { readonly url: URL },
  bytes: Uint8Array,
  response: ResponseHead,
): T {
  try {
    return options.parse(bytes, response);
  } catch (cause) {
    const reason = "malformed body";
    if (isDecantError(cause)) throw new FailedTry(cause, { reason, waitMs: cause.retryAfterMs });
    // Of malformed bytes, JSON.parse() throws the one and TextDecoder the other.
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause;
    const message = `Cannot read ${showUrl(options.url)}: its body is cut off or malformed`;
    const error = new DecantError("PAGE_MALFORMED", message, {
      kind: "source",
      retryable: true,
      hint: "Try again later; if it persists, the server or a proxy in front of it is at fault.",
      cause,
    });
    throw new FailedTry(error, { reason });
  }
}
