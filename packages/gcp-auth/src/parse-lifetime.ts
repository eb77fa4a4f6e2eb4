import { DecantError } from "@decant/core";

// The longest that the IAM credentials API allows, where an administrator does.
const longestSeconds = 43_200;
const unitSeconds: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600 };

/**
 * Reads how long a token is to live: seconds, or a number with one of `s m h`.
 *
 * @returns Seconds.
 * @throws {DecantError} `GCP_LIFETIME_INVALID`.
 */
export function parseLifetime(text: string): number {
  const [, digits, unit = ""] = /^(\d{1,6})([smh]?)$/.exec(text) ?? [];
  return checkLifetime(Number(digits) * unitSeconds[unit]!, text);
}

/**
 * Checks a number of seconds.
 *
 * @throws {DecantError} `GCP_LIFETIME_INVALID`.
 */
export function checkLifetime(seconds: number, shown: unknown = seconds): number {
  if (Number.isInteger(seconds) && seconds > 0 && seconds <= longestSeconds) return seconds;
  throw new DecantError(
    "GCP_LIFETIME_INVALID",
    `Cannot use the lifetime ${JSON.stringify(String(shown))}: it is no duration of at most 12 h`,
    { kind: "usage", hint: "Give a whole number with a unit of s, m or h, such as 3600s or 12h." },
  );
}

/** Refuses to choose a lifetime where the server decides. */
export function refuseLifetime(what: string): never {
  throw new DecantError(
    "GCP_LIFETIME_INVALID",
    `Cannot choose the lifetime of a token of a ${what}: the server decides`,
    { kind: "usage", hint: "Leave the lifetime out, or name a service account to impersonate." },
  );
}
