import type { ExchangeFlaw } from "./exchange-error.ts";
import type { Refusal } from "./refusal-error.ts";

/** Tells what a refusal of Google's security token service means (RFC 8693 section 2.2.2). */
export function stsFlaw(audience: string, { error }: Refusal): ExchangeFlaw | undefined {
  switch (error) {
    case "invalid_target":
      return {
        code: "GCP_POOL_UNKNOWN",
        state: "there is no such provider in the identity pool, or it is disabled",
        hint: `Check the audience in the file: ${audience}.`,
      };
    case "invalid_grant":
    case "invalid_request":
    case "unauthorized_client":
    case "access_denied":
      return {
        code: "GCP_SUBJECT_TOKEN_REFUSED",
        state: "Google does not take the token of the other identity provider",
        hint: "Check that it has not ended, that its audience and issuer are those of the provider in the pool, and the provider's attribute condition.",
      };
    case "invalid_client":
      return {
        code: "GCP_CLIENT_REFUSED",
        state: "the OAuth client in the file is not accepted",
        hint: "Check client_id and client_secret in the file.",
      };
    default:
      return undefined;
  }
}
