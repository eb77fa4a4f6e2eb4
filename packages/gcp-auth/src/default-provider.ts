import type { AuthContext, TokenProvider } from "@decant/core";
import type { TokenOptions } from "./credentials-provider.ts";
import { resolveEffects } from "./effects.ts";
import { findCredential } from "./find-credential.ts";
import { openProvider } from "./open-provider.ts";
import { checkLifetime } from "./parse-lifetime.ts";

/** What {@linkcode defaultProvider} works with. Of the first four, one may be given. */
export interface DefaultProviderOptions extends TokenOptions {
  /** The file of a service account key, or `-` for standard input. */
  readonly keyFile?: string;
  /** The file of a credential of any kind, or `-` for standard input. */
  readonly credentials?: string;
  /** An account that gcloud has logged in, by its e-mail address. */
  readonly account?: string;
  /** Whether to take the account of this machine, whatever else there is. @default {false} */
  readonly metadata?: boolean;
  /** Reads standard input to its end. Absent: `-` is the name of a file. */
  readonly readStdin?: AuthContext["readStdin"];
}

/**
 * Makes a provider of Google tokens from the credential that is found, the first of these:
 *
 * 1. what the options name
 * 2. the file that GOOGLE_APPLICATION_CREDENTIALS names
 * 3. `application_default_credentials.json` in the folder of gcloud (CLOUDSDK_CONFIG, else
 *    `~/.config/gcloud`, on Windows `%APPDATA%\gcloud`)
 * 4. the account that gcloud is set to (CLOUDSDK_CORE_ACCOUNT, else its active configuration), by the
 *    login that it keeps; and the service account that it is set to impersonate
 * 5. the metadata server, unless NO_GCE_CHECK or METADATA_SERVER_DETECTION say that there is none
 *
 * Google's libraries have the same order, but for the fourth, which takes the place of
 * `gcloud auth print-access-token`. A file that is there and cannot be used is an error. Nothing is
 * written, and nobody is asked before the first token: `explain` says what was chosen, and why.
 *
 * @param options What is not as usual. Without `env` no variable is read, without `readFile` no file.
 * @returns The provider.
 * @throws {DecantError} `GCP_CREDENTIALS_MISSING` where there are none, `GCP_KEY_UNREADABLE`,
 * `GCP_LOGIN_MISSING`, `GCP_OPTION_CONFLICT`, and what `credentialsProvider` throws.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { env } from "node:process";
 * import { defaultProvider } from "@decant/gcp-auth";
 *
 * const provider = await defaultProvider({ env: (name) => env[name], readFile });
 * console.log(await provider.explain?.());
 * ```
 */
export async function defaultProvider(options: DefaultProviderOptions): Promise<TokenProvider> {
  const { lifetimeSeconds, impersonate } = options;
  if (lifetimeSeconds !== undefined) checkLifetime(lifetimeSeconds);
  const effects = resolveEffects(options);
  const found = await findCredential({
    ...options,
    // Those are of the account which is impersonated last.
    ...(impersonate?.length && { lifetimeSeconds: undefined, subject: undefined }),
    effects,
  });
  return openProvider(found, { ...options, effects });
}
