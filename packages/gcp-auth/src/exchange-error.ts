import { DecantError, type DecantErrorOptions } from "@decant/core";
import type { ServiceAccountKey } from "./parse-service-account-key.ts";

/** What was asked of the token endpoint, as far as a message may tell. */
export interface Exchange {
  readonly key: ServiceAccountKey;
  readonly scopes: readonly string[];
  readonly subject?: string | undefined;
}

/** What {@linkcode exchangeError} says. */
export interface ExchangeFlaw extends Omit<DecantErrorOptions, "kind"> {
  readonly code: string;
  /** What is wrong, to stand after the colon. */
  readonly state: string;
}

/** An error of the exchange. It never has a cause: an injected `fetch` may put the request in it. */
export function exchangeError({ key, subject }: Exchange, flaw: ExchangeFlaw): DecantError {
  const { code, state, ...options } = flaw;
  return new DecantError(
    code,
    `Cannot get a token for "${subject ?? key.client_email}": ${state}`,
    {
      ...options,
      kind: "credentials",
    },
  );
}
