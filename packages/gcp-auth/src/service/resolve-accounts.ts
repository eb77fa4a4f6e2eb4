import type { Explanation, TokenProvider } from "@decant/core";
import { expandScopes } from "../expand-scopes.ts";
import { optionError } from "./option-error.ts";
import type { ServedAccount } from "./options.ts";

/** An account whose open questions its provider has answered. */
export interface Account {
  readonly provider: TokenProvider;
  /** Absent: clients know it as `default` only. */
  readonly email: string | undefined;
  /** The scopes of a token when a client names none. Absent: the provider decides. */
  readonly scopes: readonly string[] | undefined;
  readonly explanation: Explanation | undefined;
}

/**
 * Asks each provider who it is, which needs no network.
 *
 * @throws {DecantError} `GCP_SERVICE_OPTION` for two accounts of one address, an address that
 * cannot be part of a path, and usual scopes that are not allowed.
 */
export async function resolveAccounts(
  accounts: readonly ServedAccount[],
  allowedScopes: ReadonlySet<string> | undefined,
): Promise<readonly Account[]> {
  const resolved = await Promise.all(accounts.map(resolve));
  const seen = new Set<string>();
  for (const { email, scopes } of resolved) {
    if (email !== undefined) checkEmail(email, seen);
    if (allowedScopes && !scopes?.every((scope) => allowedScopes.has(scope))) {
      throw optionError("scopes", {
        state: "what an account gives by default is not in allowedScopes",
        hint: "Give the account scopes that are allowed.",
      });
    }
  }
  return resolved;
}

async function resolve({ provider, email, scopes }: ServedAccount): Promise<Account> {
  const explanation = await provider.explain?.();
  const { principal } = explanation ?? {};
  return {
    provider,
    // The principal of a workforce or a workload is a long path instead.
    email: email ?? (principal && /^[^/@]+@[^/@]+$/.test(principal) ? principal : undefined),
    scopes: scopes?.length ? expandScopes(scopes) : explanation?.scopes,
    explanation,
  };
}

function checkEmail(email: string, seen: Set<string>): void {
  if (email === "" || email === "default" || email.includes("/")) {
    throw optionError("email", {
      state: "it is no address",
      hint: "Give the address of the account, or leave it out.",
    });
  }
  if (seen.has(email)) {
    throw optionError("accounts", {
      state: `"${email}" is there twice`,
      hint: "Give each account once.",
    });
  }
  seen.add(email);
}
