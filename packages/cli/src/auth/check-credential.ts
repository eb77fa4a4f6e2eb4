import type { TokenProvider } from "@decant/core";

/** What the server said of a credential. */
export type CredentialCheck =
  | {
      readonly works: true;
      /** When the token that it gave ends, in ISO 8601. */
      readonly expiresAt?: string;
      readonly scopes?: readonly string[];
      readonly principal?: string;
    }
  | { readonly works: false; readonly code: string; readonly message: string };

/**
 * Gets a token of a credential, and tells of it what is no secret.
 *
 * @throws {DecantError} as `getToken` does.
 */
export async function checkCredential(
  provider: Pick<TokenProvider, "getToken">,
): Promise<CredentialCheck> {
  const { expiresAt, scopes, principal } = await provider.getToken({});
  return {
    works: true,
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    ...(scopes && { scopes }),
    ...(principal !== undefined && { principal }),
  };
}
