import { DecantError, isLoopback } from "@decant/core";

/** Where a service listens: a port of a host, or a Unix socket. */
export type ServiceAddress =
  | { readonly kind: "port"; readonly host: string; readonly port: number }
  | { readonly kind: "socket"; readonly path: string };

/**
 * Reads `127.0.0.1:8178`, `[::1]:8178` or `unix:/run/tokens.sock`.
 *
 * @throws {DecantError} `ADDRESS_INVALID`.
 */
export function parseAddress(text: string): ServiceAddress {
  const path = /^unix:(.+)$/s.exec(text)?.[1];
  if (path !== undefined) return { kind: "socket", path };
  const [, host, digits] = /^(\[[\da-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (host !== undefined && port <= 65_535) return { kind: "port", host, port };
  throw new DecantError("ADDRESS_INVALID", `Cannot listen on "${text}": it is no address`, {
    kind: "usage",
    hint: "Give a host and a port such as 127.0.0.1:8178, or unix: and the path of a socket.",
  });
}

/** Tells whether only this machine reaches an address. */
export function isLocal(address: ServiceAddress): boolean {
  return address.kind === "socket" || isLoopback(address.host.toLowerCase());
}
