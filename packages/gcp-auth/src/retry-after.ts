/**
 * Reads the `Retry-After` header (RFC 9110 section 10.2.3), in seconds or as a date.
 *
 * @returns How long to wait, in milliseconds; undefined where the server does not say.
 */
export function retryAfter(response: Response, now: number): number | undefined {
  const value = response.headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
