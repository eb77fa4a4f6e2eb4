import type { DecantError } from "@decant/core";
import { type Exchange, type ExchangeFlaw, exchangeError } from "./exchange-error.ts";

/** A refusal in a server's words (RFC 6749 section 5.2, or a Google API's), made clean. */
export interface Refusal {
  readonly status: number;
  /** The code, such as `invalid_grant` or `PERMISSION_DENIED`. */
  readonly error: string;
  readonly description: string;
  /** A finer code, such as `invalid_rapt` or `SERVICE_DISABLED`. */
  readonly reason: string;
  /** By how much the local clock is ahead of the server's, in milliseconds, where known. */
  readonly clockAheadMs: number | undefined;
}

/** Makes an error of what a server answered, saying whose move it is. */
export function refusalError(exchange: Exchange, refusal: Refusal): DecantError {
  const flaw = exchange.findFlaw(refusal) ?? unknownFlaw(exchange, refusal);
  const words = [refusal.error, refusal.description].filter((text) => text !== "").join(": ");
  return exchangeError(exchange, {
    ...flaw,
    state: `${flaw.state} (${words.replace(/(?<!\.)\.$/, "")})`,
  });
}

function unknownFlaw({ scopes, urlSource }: Exchange, { error }: Refusal): ExchangeFlaw {
  if (error === "invalid_scope") {
    return {
      code: "GCP_SCOPE_INVALID",
      state: "the server does not know one of the scopes",
      hint: `Check the scopes against developers.google.com/identity/protocols/oauth2/scopes; asked for were ${scopes.join(" ")}.`,
    };
  }
  return {
    code: "GCP_REFUSED",
    state: "the server refused",
    hint: `Check what the server says, and ${urlSource}.`,
  };
}
