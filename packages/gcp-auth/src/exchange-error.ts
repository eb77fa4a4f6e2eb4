import { DecantError, type DecantErrorOptions } from "@decant/core";
import type { Refusal } from "./refusal-error.ts";

/** What is asked of a server, as far as a message may tell. */
export interface Exchange {
  /** What cannot be done when it fails, in messages. @default {"get a token for"} */
  readonly action?: string;
  /** Whom a token is wanted for, in messages. */
  readonly label: string;
  /** Whom the token stands for, where this is known without asking. */
  readonly principal?: string | undefined;
  /** The server that is asked. */
  readonly url: string;
  /** Where its address comes from, for hints: `token_uri in the key file`. */
  readonly urlSource: string;
  readonly scopes: readonly string[];
  /** What a refusal means, where it is one of those known. */
  readonly findFlaw: (refusal: Refusal) => ExchangeFlaw | undefined;
}

/** What {@linkcode exchangeError} says. */
export interface ExchangeFlaw extends Omit<DecantErrorOptions, "kind"> {
  readonly code: string;
  /** What is wrong, to stand after the colon. */
  readonly state: string;
}

/** An error of the exchange. It never has a cause: an injected `fetch` may put the request in it. */
export function exchangeError(
  { action = "get a token for", label }: Exchange,
  flaw: ExchangeFlaw,
): DecantError {
  const { code, state, ...options } = flaw;
  return new DecantError(code, `Cannot ${action} "${label}": ${state}`, {
    ...options,
    kind: "credentials",
  });
}
