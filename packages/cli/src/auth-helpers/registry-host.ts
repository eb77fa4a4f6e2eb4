import { parseHost } from "./parse-host.ts";

/**
 * Finds the host of a registry, which Docker names as `gcr.io` or `https://gcr.io`, at times with a path.
 *
 * @returns The host as a `URL` has it; empty where the name is not that of a server with https.
 */
export function registryHost(server: string): string {
  const [, host = ""] = /^(?:https:\/\/)?([^/]*)/i.exec(server.trim()) ?? [];
  return parseHost(host, "https")?.host ?? "";
}
