/**
 * Whether a token for one origin may go to another: only to itself, and from sentry.io to its own
 * regions. State files and servers say where to go, and both may lie.
 */
export function isTrusted(origin: string, base: string): boolean {
  return origin === base || (isSentryIo(base) && isSentryIo(origin));
}

/** Whether an origin is Sentry's own service. */
export function isSentryIo(origin: string): boolean {
  return /^https:\/\/([a-z0-9-]+\.)*sentry\.io$/.test(origin);
}
