/**
 * Finds the host of a registry, which Docker names as `gcr.io` or `https://gcr.io`, at times with a path.
 *
 * @returns The host as a `URL` has it; empty where the name is not that of a server with https.
 */
export function registryHost(server: string): string {
  const text = server.trim();
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  return url?.protocol === "https:" && url.username === "" ? url.host : "";
}
