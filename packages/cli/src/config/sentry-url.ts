/**
 * Reads the address of the server from `SENTRY_HOST`, or from `SENTRY_URL`, which is how it was called
 * before. It may lack the `https://`.
 */
export function sentryUrl(env: (name: string) => string | undefined): string | undefined {
  const text = env("SENTRY_HOST") ?? env("SENTRY_URL");
  return text === undefined || text.includes("://") ? text : `https://${text}`;
}
