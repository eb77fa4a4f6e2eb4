import type { ExchangeFlaw } from "./exchange-error.ts";
import { formatDuration } from "./format-duration.ts";
import type { ServiceAccountKey } from "./parse-service-account-key.ts";
import type { Refusal } from "./refusal-error.ts";

/** What a service account asks the token endpoint for. */
export interface ServiceAccountRequest {
  readonly key: Pick<ServiceAccountKey, "client_email" | "private_key_id" | "client_id">;
  readonly scopes: readonly string[];
  /** The user to act for. */
  readonly subject?: string | undefined;
}

/** Tells what the refusal of a service account's assertion means. */
export function serviceAccountFlaw(
  request: ServiceAccountRequest,
  refusal: Refusal,
): ExchangeFlaw | undefined {
  const known: Readonly<Record<string, () => ExchangeFlaw | undefined>> = {
    invalid_grant: () => grantFlaw(request, refusal),
    disabled_client: () => keyFlaw(request),
    deleted_client: () => accountFlaw(request),
    unauthorized_client: () => delegationFlaw(request),
    access_denied: () => delegationFlaw(request),
  };
  return Object.hasOwn(known, refusal.error) ? known[refusal.error]?.() : undefined;
}

/**
 * Tells apart what `invalid_grant` means. The texts are Google's own, listed at
 * https://developers.google.com/identity/protocols/oauth2/service-account#jwt-error-codes; those on
 * accounts are known from reports.
 */
function grantFlaw(request: ServiceAccountRequest, refusal: Refusal): ExchangeFlaw | undefined {
  const { description } = refusal;
  if (/short-lived|timeframe|\biat\b|\bexp\b/i.test(description)) {
    return clockFlaw(refusal.clockAheadMs);
  }
  if (/signature/i.test(description)) return keyFlaw(request);
  if (/account not found|disabled|deleted/i.test(description)) return accountFlaw(request);
  if (request.subject && /email|user/i.test(description)) return subjectFlaw(request);
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

function keyFlaw({ key }: ServiceAccountRequest): ExchangeFlaw {
  const name = key.private_key_id ? `The key ${key.private_key_id}` : "The key";
  return {
    code: "GCP_KEY_REVOKED",
    state: "the key was revoked, or is not one of this account",
    hint: `${name} must be listed as enabled for ${key.client_email} in the Google Cloud console, else create a new one.`,
  };
}

function accountFlaw({ key, subject }: ServiceAccountRequest): ExchangeFlaw {
  const user = subject ? ` And check that ${subject} is a user of the Workspace domain.` : "";
  return {
    code: "GCP_ACCOUNT_DISABLED",
    state: "the account was deleted or disabled, or never existed",
    hint: `Check in the Google Cloud console that ${key.client_email} exists and is enabled.${user}`,
  };
}

function subjectFlaw({ subject }: ServiceAccountRequest): ExchangeFlaw {
  return {
    code: "GCP_SUBJECT_UNKNOWN",
    state: "there is no such user",
    hint: `Check the address of the subject, ${subject}: it must be a user of the Workspace domain, and no alias.`,
  };
}

function delegationFlaw({ key, scopes, subject }: ServiceAccountRequest): ExchangeFlaw {
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
