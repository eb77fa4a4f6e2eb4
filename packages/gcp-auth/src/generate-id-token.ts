import { type CallOptions, callForJson } from "./call-server.ts";
import { type IamTarget, iamExchange } from "./iam-exchange.ts";
import { parseIdToken } from "./parse-id-token.ts";
import type { ExpiringToken } from "./parse-token.ts";

/** An identity token of a service account, and who asks for it. */
export interface GenerateIdTokenRequest extends IamTarget {
  readonly audience: string;
  /** The access token of who asks. */
  readonly bearer: string;
}

/** Asks the IAM credentials API for an identity token. */
export async function generateIdToken(
  { audience, bearer, ...target }: GenerateIdTokenRequest,
  options: CallOptions,
): Promise<ExpiringToken> {
  // As Google's own library asks: the claim azp is then the address too.
  const body = { audience, includeEmail: true, useEmailAzp: true };
  const call = { method: "generateIdToken", bearer, scopes: [], body } as const;
  const exchange = iamExchange(target, call);
  const answer = await callForJson(exchange, options);
  const field = "token";
  return parseIdToken(exchange, { ...answer, value: answer.data[field], field, audience });
}
