import { credentialError } from "./credential-error.ts";
import type { CredentialFile } from "./credential-file.ts";
import { readFields } from "./read-fields.ts";

/** The cloud of Google itself, as against those that partners run. */
export const defaultUniverse = "googleapis.com";

/**
 * The cloud that a credential file belongs to. Its endpoints are told from it, and secrets go there,
 * so that the file alone must not name another one than Google's.
 *
 * @throws {DecantError} `GCP_UNIVERSE_UNTRUSTED`
 */
export function fileUniverse({ file, source, universe: trusted }: CredentialFile): string {
  const universe = readFields(file, source).optionalText("universe_domain") ?? defaultUniverse;
  if (universe === defaultUniverse || universe === trusted) return universe;
  throw credentialError(source, {
    code: "GCP_UNIVERSE_UNTRUSTED",
    state: `it belongs to ${JSON.stringify(universe.slice(0, 100))}, which is not Google's own cloud`,
    hint: "If you trust it, name it with --universe-domain or GOOGLE_CLOUD_UNIVERSE_DOMAIN.",
  });
}
