import { DecantError } from "@decant/core";
import { findGcloudAccount, findGcloudDefault, findNamedAccount } from "./find-gcloud.ts";
import { findMetadata, findNamedMetadata } from "./find-metadata.ts";
import {
  type Considered,
  type FindOptions,
  type FoundCredential,
  findFile,
} from "./find-options.ts";

const variable = "GOOGLE_APPLICATION_CREDENTIALS";

/**
 * Finds a credential: what the caller names, else GOOGLE_APPLICATION_CREDENTIALS, else the
 * application default credentials that gcloud left, else the account that gcloud is set to, else the
 * metadata server. A file that is there and cannot be used is an error, and nothing behind it is
 * looked at. Nobody is asked over the network.
 */
export async function findCredential(options: FindOptions): Promise<FoundCredential> {
  const named = await findNamed(options);
  if (named) return named;
  const path = options.effects.env(variable);
  if (path) {
    const choice = { reason: `${variable} names it`, considered: [] };
    return findFile(path, { ...options, account: undefined, choice });
  }
  const considered: Considered[] = [{ source: variable, state: "it is not set" }];
  return (
    (await findGcloudDefault(options, considered)) ??
    (await findGcloudAccount(options, considered)) ??
    findMetadata(options, considered)
  );
}

function findNamed(options: FindOptions): Promise<FoundCredential> | undefined {
  const { keyFile, credentials, account, metadata } = options;
  const names = { keyFile, credentials, account, metadata };
  const given = Object.entries(names).filter(([, value]) => value);
  if (given.length > 1) {
    const [first, second] = given;
    throw new DecantError(
      "GCP_OPTION_CONFLICT",
      `Cannot choose a credential: "${first![0]}" and "${second![0]}" name different ones`,
      { kind: "usage", hint: "Name one of them." },
    );
  }
  const choice = { reason: "an option names it", considered: [] };
  if (keyFile) return findFile(keyFile, { ...options, account: undefined, isKey: true, choice });
  if (credentials) return findFile(credentials, { ...options, account: undefined, choice });
  if (account) return findNamedAccount(account, options);
  return metadata ? findNamedMetadata(options) : undefined;
}
