import { DecantError, isLoopback } from "@decant/core";

/** What an address must be. */
export interface AddressRules {
  /** How a message names it, such as `--issuer`. */
  readonly name: string;
  /** Whether http on this machine will do. @default {true} */
  readonly loopback?: boolean;
  /** Whether it may have a query. @default {true} */
  readonly query?: boolean;
}

/**
 * Refuses an address that secrets must not be sent to: only https will do, or http on this machine.
 *
 * @returns The address, as it was given.
 * @throws {DecantError} `OIDC_URL_UNSAFE`
 */
export function checkAddress(address: string, rules: AddressRules): string {
  const { name, loopback = true, query = true } = rules;
  const refuse = (state: string, shown = "") =>
    new DecantError("OIDC_URL_UNSAFE", `Cannot use ${name}${shown}: ${state}`, {
      kind: "credentials",
      hint: "Give an address that begins with https://, without user, password or fragment.",
    });
  const url = URL.parse(address);
  if (!url) throw refuse("it is no address");
  if (url.username || url.password) throw refuse("it holds a user or a password");
  const shown = ` "${url.origin}${url.pathname}"`;
  if (address.includes("#")) throw refuse("it has a fragment", shown);
  if (!query && address.includes("?")) throw refuse("it has a query", shown);
  if (url.protocol === "https:") return address;
  if (url.protocol !== "http:") throw refuse(`it is ${url.protocol}, which is not https`);
  if (loopback && isLoopback(url.hostname)) return address;
  throw refuse("it is http, which is not safe", shown);
}
