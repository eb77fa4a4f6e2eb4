import { DecantError, retryAfter } from "@decant/core";
import { FailedTry } from "./failed-try.ts";
import type { RequestOptions } from "./request-options.ts";
import { showUrl } from "./show-url.ts";

/** Says what an answer means that is no page: in the source's own words, or by its status. */
export function toFailedTry(
  options: RequestOptions<unknown> & { readonly url: URL },
  response: Response,
  excerpt: Uint8Array,
): FailedTry {
  const { status, headers } = response;
  const waitMs = retryAfter(headers, (options.now ?? Date.now)());
  const error =
    options.explain?.({ status, headers, body: new TextDecoder().decode(excerpt) }) ??
    byStatus(options.url, response, waitMs);
  return new FailedTry(error, {
    reason: `status ${status}`,
    waitMs: error.retryAfterMs ?? waitMs,
    throttled: status === 429,
  });
}

function byStatus(url: URL, response: Response, retryAfterMs: number | undefined): DecantError {
  const { status, headers } = response;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  const later = { kind: "source", retryable: true, ...wait } as const;
  const fail = (code: string, state: string, rest: ConstructorParameters<typeof DecantError>[2]) =>
    new DecantError(code, `Cannot read ${showUrl(url)}: ${state}`, rest);

  if (response.ok) {
    const hint = "See whether the address is that of an API, and whether a login stands before it.";
    return fail("PAGE_HTML", "it is an HTML page", { kind: "source", hint });
  }
  if (status >= 300 && status < 400 && headers.has("location")) {
    const hint = "Requests stay on one address; use the new one if you trust it.";
    const state = `it redirects to ${redirectTarget(url, headers)}`;
    return fail("PAGE_REDIRECTED", state, { kind: "source", hint });
  }
  if (status === 429) {
    const hint = "Wait a while, or send fewer requests at once.";
    return fail("SOURCE_THROTTLED", "too many requests (status 429)", { ...later, hint });
  }
  if (status === 408 || status >= 500) {
    const hint = "The server is in trouble; try again later.";
    return fail("SOURCE_UNAVAILABLE", `status ${status}`, { ...later, hint });
  }
  const refused = status === 401 || status === 403;
  const hint = refused
    ? "See whether the token is valid and may read this."
    : "See whether the address and its parameters are right.";
  const kind = refused ? "credentials" : "source";
  return fail("SOURCE_REJECTED", `status ${status}`, { kind, hint });
}

/** The origin alone: a path is the server's to choose, and may hold anything. */
function redirectTarget(url: URL, headers: Headers): string {
  const location = headers.get("location") ?? "";
  return URL.canParse(location, url) ? `"${new URL(location, url).origin}"` : "a malformed address";
}
