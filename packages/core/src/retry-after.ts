const seconds = /^\d+(\.\d+)?$/;
const weekday = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/;

/**
 * Reads how long a server asks its client to wait: the `Retry-After` header, as seconds or as a
 * date (RFC 9110, section 10.2.3). A date is compared with the answer's own `Date` header, so that
 * a wrong clock on either side does no harm.
 *
 * @param headers The headers of the answer.
 * @param now The present in milliseconds since 1970, for an answer without a `Date`.
 * @returns The wait in milliseconds, at least 0; `undefined` where the header is missing or makes no sense.
 *
 * @example
 * ```ts
 * import { retryAfter } from "@decant/core";
 *
 * retryAfter(new Headers({ "retry-after": "120" }), Date.now()); // 120_000
 * ```
 */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (seconds.test(value)) return Number(value) * 1000;
  const until = parseHttpDate(value);
  if (until === undefined) return undefined;
  return Math.max(0, until - (parseHttpDate(headers.get("date") ?? "") ?? now));
}

/** All three forms of RFC 9110, section 5.6.7. Only the oldest, of asctime, names no zone. */
function parseHttpDate(value: string): number | undefined {
  // Date.parse() alone would take "-5" for a day in May.
  if (!weekday.test(value)) return undefined;
  const time = Date.parse(value.endsWith("GMT") ? value : `${value} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
