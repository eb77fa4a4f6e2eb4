import type { DecantError } from "@decant/core";
import { type Exchange, type ExchangeFlaw, exchangeError } from "./exchange-error.ts";
import { formatDuration } from "./format-duration.ts";

/** An error answer of the token endpoint (RFC 6749 section 5.2), its texts made clean. */
export interface Refusal {
  readonly error: string;
  readonly description: string;
  /** By how much the local clock is ahead of the server's, in milliseconds, where known. */
  readonly clockAheadMs: number | undefined;
}

/** Makes an error of what the token endpoint answered, saying whose move it is. */
export function refusalError(exchange: Exchange, refusal: Refusal): DecantError {
  const flaw = findFlaw(exchange, refusal);
  const words = [refusal.error, refusal.description].filter((text) => text !== "").join(": ");
  return exchangeError(exchange, { ...flaw, state: `${flaw.state} (${words.replace(/\.$/, "")})` });
}

function findFlaw(exchange: Exchange, refusal: Refusal): ExchangeFlaw {
  const known: Readonly<Record<string, () => ExchangeFlaw | undefined>> = {
    invalid_grant: () => grantFlaw(exchange, refusal),
    disabled_client: () => keyFlaw(exchange),
    deleted_client: () => accountFlaw(exchange),
    unauthorized_client: () => delegationFlaw(exchange),
    access_denied: () => delegationFlaw(exchange),
    invalid_scope: () => scopeFlaw(exchange),
  };
  const flaw = Object.hasOwn(known, refusal.error) ? known[refusal.error]?.() : undefined;
  return (
    flaw ?? {
      code: "GCP_REFUSED",
      state: "the server refused",
      hint: `Check the key of ${exchange.key.client_email} in the Google Cloud console.`,
    }
  );
}

/**
 * Tells apart what `invalid_grant` means. The texts are Google's own, listed at
 * https://developers.google.com/identity/protocols/oauth2/service-account#jwt-error-codes; those on
 * accounts are known from reports.
 */
function grantFlaw(exchange: Exchange, refusal: Refusal): ExchangeFlaw | undefined {
  const { description } = refusal;
  if (/short-lived|timeframe|\biat\b|\bexp\b/i.test(description)) {
    return clockFlaw(refusal.clockAheadMs);
  }
  if (/signature/i.test(description)) return keyFlaw(exchange);
  if (/account not found|disabled|deleted/i.test(description)) return accountFlaw(exchange);
  if (exchange.subject && /email|user/i.test(description)) return subjectFlaw(exchange);
  return undefined;
}

function clockFlaw(clockAheadMs: number | undefined): ExchangeFlaw {
  const code = "GCP_CLOCK_SKEW";
  const hint = "Set the clock of this machine, best by network time, and try again.";
  // The Date header is in whole seconds, and the answer took a while.
  if (clockAheadMs === undefined || Math.abs(clockAheadMs) < 10_000) {
    return { code, state: "the server finds the time of the request wrong", hint };
  }
  const side = clockAheadMs > 0 ? "ahead of" : "behind";
  const amount = formatDuration(Math.abs(clockAheadMs));
  return { code, state: `the clock of this machine is ${amount} ${side} the server's`, hint };
}

function keyFlaw({ key }: Exchange): ExchangeFlaw {
  const name = key.private_key_id ? `The key ${key.private_key_id}` : "The key";
  return {
    code: "GCP_KEY_REVOKED",
    state: "the key was revoked, or is not one of this account",
    hint: `${name} must be listed as enabled for ${key.client_email} in the Google Cloud console, else create a new one.`,
  };
}

function accountFlaw({ key, subject }: Exchange): ExchangeFlaw {
  const user = subject ? ` And check that ${subject} is a user of the Workspace domain.` : "";
  return {
    code: "GCP_ACCOUNT_DISABLED",
    state: "the account was deleted or disabled, or never existed",
    hint: `Check in the Google Cloud console that ${key.client_email} exists and is enabled.${user}`,
  };
}

function subjectFlaw({ subject }: Exchange): ExchangeFlaw {
  return {
    code: "GCP_SUBJECT_UNKNOWN",
    state: "there is no such user",
    hint: `Check the address of the subject, ${subject}: it must be a user of the Workspace domain, and no alias.`,
  };
}

function delegationFlaw({ key, scopes, subject }: Exchange): ExchangeFlaw {
  const client = key.client_id
    ? `client id ${key.client_id}`
    : `the client id of ${key.client_email}`;
  return {
    code: "GCP_DELEGATION_DENIED",
    state: subject
      ? `${key.client_email} may not act for this user with these scopes`
      : "the account may not have these scopes",
    hint: `An administrator must authorise ${client} for ${scopes.join(",")} in the Admin console (Security > Access and data control > API controls > Domain-wide delegation)${subject ? "" : ", and the user to act for must be given as subject"}.`,
  };
}

function scopeFlaw({ scopes }: Exchange): ExchangeFlaw {
  return {
    code: "GCP_SCOPE_INVALID",
    state: "the server does not know one of the scopes",
    hint: `Check the scopes against developers.google.com/identity/protocols/oauth2/scopes; asked for were ${scopes.join(" ")}.`,
  };
}
