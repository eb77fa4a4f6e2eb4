import type { Credential } from "./credential.ts";
import type { CredentialFile } from "./credential-file.ts";
import type { Found } from "./credential-provider.ts";
import { type CredentialFileOptions, readCredentialFile } from "./read-credential-file.ts";
import { readText } from "./read-text.ts";

/** What the caller names. At most one of the first four. */
export interface FindOptions extends Omit<CredentialFile, "file" | "source" | "account"> {
  /** The file of a service account key. */
  readonly keyFile?: string | undefined;
  /** The file of a credential of any kind. */
  readonly credentials?: string | undefined;
  /** An account that gcloud has logged in. */
  readonly account?: string | undefined;
  /** Whether to take the account of this machine, whatever else there is. */
  readonly metadata?: boolean | undefined;
  readonly readStdin?: CredentialFileOptions["readStdin"];
}

/** A credential, and how it came to be chosen. */
export interface FoundCredential {
  readonly credential: Credential;
  readonly found: Found;
  /** Service accounts to impersonate with it, each by the one before. */
  readonly impersonate?: readonly string[];
}

/** A place that was looked at, and what was there. */
export type Considered = Found["considered"][number];

/** Why a credential is taken. */
export type Choice = Omit<Found, "source">;

/** Reads the credential of a file that was chosen. */
export async function findFile(
  path: string,
  options: CredentialFileOptions & { readonly choice: Choice },
): Promise<FoundCredential> {
  const credential = await readCredentialFile(path, options);
  return { credential, found: { source: path, ...options.choice } };
}

/** Tells whether there is a file, and notes where there is none. One that may not be read is there. */
export async function isThere(
  path: string,
  { effects, considered }: Pick<FindOptions, "effects"> & { readonly considered: Considered[] },
): Promise<boolean> {
  let there = true;
  const fail = (state: string, code: string | undefined) => {
    // Without a code there is no way to read files at all.
    if (code === undefined || code === "ENOENT" || code === "ENOTDIR") {
      there = false;
      considered.push({ source: path, state });
    }
    return new Error(state);
  };
  await readText(path, { effects, fail }).catch(() => undefined);
  return there;
}
