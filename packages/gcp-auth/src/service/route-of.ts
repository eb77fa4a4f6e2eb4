/** What a request is counted as: one of few names, whatever paths clients make up. */
export function routeOf(path: string): string {
  if (path === "/token" || path === "/healthz" || path === "/metrics") return path.slice(1);
  if (path !== "/" && !path.startsWith("/computeMetadata/")) return "other";
  const [, kind] = /\/service-accounts\/[^/]+\/(token|identity)$/.exec(path) ?? [];
  return kind === undefined ? "metadata" : `metadata_${kind}`;
}
