import type { TokenProvider } from "@decant/core";
import { credentialError } from "./credential-error.ts";
import { type ProviderEffects, resolveEffects } from "./effects.ts";
import { openProvider } from "./open-provider.ts";
import { parseFile } from "./parse-file.ts";
import { checkLifetime } from "./parse-lifetime.ts";
import { readCredential } from "./read-credential.ts";

/** What may be wanted of a provider of any kind. */
export interface TokenOptions extends ProviderEffects {
  /** The scopes of a token when a request names none. @default those of the credential */
  readonly scopes?: string | readonly string[];
  /**
   * Service accounts to impersonate, each by the one before: tokens are those of the last one.
   *
   * @default {[]}
   */
  readonly impersonate?: readonly string[];
  /** How long a token of an impersonated account lives, in seconds, up to 43,200. @default {3600} */
  readonly lifetimeSeconds?: number;
  /**
   * The user to act for, by domain-wide delegation to the service account whose tokens these would be
   * otherwise.
   */
  readonly subject?: string;
  /** The project that calls are counted against. @default the one that the credential names */
  readonly quotaProject?: string;
  /**
   * A cloud other than Google's own that is trusted, such as that of a partner. A credential file of
   * federation that names another one is refused, since secrets are sent there.
   *
   * @default {"googleapis.com"}
   */
  readonly universe?: string;
}

/** What {@linkcode credentialsProvider} works with. */
export interface CredentialsProviderOptions extends TokenOptions {
  /** The content of a credential file of any kind: its text, or the object in it. */
  readonly credentials: string | object;
  /** Where it came from, for messages. @default {"the given text"} */
  readonly source?: string;
}

/**
 * Makes a provider of Google tokens from a credential file of any kind: the key of a service
 * account, the login of a user, impersonation, or workload and workforce identity federation.
 *
 * It does what `serviceAccountProvider` does: tokens are kept in memory, callers at the same time
 * share one request, and servers that are busy are asked again. Addresses that a credential file names
 * are held to Google's hosts, as
 * [Google asks of those who take files from others](https://cloud.google.com/docs/authentication/external/externally-sourced-credentials).
 *
 * @param options The credential, and what is not as usual.
 * @returns The provider.
 * @throws {DecantError} of kind `credentials` for a file that cannot be used
 * (`GCP_CREDENTIALS_INVALID`, `GCP_CREDENTIALS_TYPE`, `GCP_URL_UNSAFE`, `GCP_UNIVERSE_UNTRUSTED`),
 * and of kind `usage` for options that do not fit it.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { credentialsProvider } from "@decant/gcp-auth";
 *
 * const provider = await credentialsProvider({
 *   credentials: await readFile("credentials.json", "utf8"),
 *   impersonate: ["reader@acme.iam.gserviceaccount.com"],
 *   readFile,
 * });
 * const token = await provider.getIdToken?.({ audience: "https://service.example.com" });
 * ```
 */
export async function credentialsProvider(
  options: CredentialsProviderOptions,
): Promise<TokenProvider> {
  const { credentials, source = "the given text", impersonate, lifetimeSeconds } = options;
  if (lifetimeSeconds !== undefined) checkLifetime(lifetimeSeconds);
  const effects = resolveEffects(options);
  const text = typeof credentials === "string" ? credentials : JSON.stringify(credentials);
  const file = parseFile(text, (state) => credentialError(source, { state }));
  const { subject, quotaProject, universe } = options;
  const credential = await readCredential({
    ...{ file, source, subject, lifetimeSeconds, quotaProject, universe, effects },
    // Those are of the account which is impersonated last.
    ...(impersonate?.length && { lifetimeSeconds: undefined, subject: undefined }),
  });
  const found = { source, reason: "it was given", considered: [] };
  return openProvider({ credential, found }, { ...options, effects });
}
