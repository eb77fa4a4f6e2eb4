/**
 * Tells whether a host is this very machine, so that plain http to it passes no network: `localhost`,
 * an address in 127.0.0.0/8, or `[::1]`.
 *
 * Names under `localhost`, such as `app.localhost`, are not taken for it: RFC 6761, section 6.3, only
 * asks resolvers to keep them on the machine, and some send them to a name server.
 *
 * @param hostname A host as the `hostname` of a `URL` has it: in lower case, IPv6 in brackets.
 * @returns Whether it is this machine.
 *
 * @example
 * ```ts
 * import { isLoopback } from "@decant/core";
 *
 * isLoopback(new URL("http://127.0.0.1:9000").hostname); // true
 * isLoopback(new URL("http://localhost.example.com").hostname); // false
 * ```
 */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
