import { DecantError } from "@decant/core";
import { detectMetadata } from "./detect-metadata.ts";
import type { Choice, Considered, FindOptions, FoundCredential } from "./find-options.ts";
import { type MetadataOptions, metadataCredential } from "./metadata-credential.ts";
import { metadataServer } from "./metadata-server.ts";

/**
 * The account of this machine, where nothing else was found.
 *
 * @throws {DecantError} `GCP_CREDENTIALS_MISSING` where it is known that there is no metadata server.
 */
export async function findMetadata(
  options: FindOptions,
  considered: Considered[],
): Promise<FoundCredential> {
  const detection = await detectMetadata(options.effects);
  if (detection === "absent") {
    const state = "the environment says that there is none";
    throw missingError([...considered, { source: "the metadata server", state }]);
  }
  return fromServer(options, { detection, reason: "nothing else was found", considered });
}

/** The account of this machine, since the caller names it. */
export async function findNamedMetadata(options: FindOptions): Promise<FoundCredential> {
  const reason = "an option names it";
  return fromServer(options, { detection: "unknown", reason, considered: [] });
}

function fromServer(
  { effects, quotaProject }: FindOptions,
  { detection, ...choice }: Choice & Pick<MetadataOptions, "detection">,
): FoundCredential {
  const server = metadataServer(effects.env);
  const absence = { source: server.url, state: "no metadata server answers" };
  const missing = () => missingError([...choice.considered, absence]);
  const credential = metadataCredential({ server, detection, missing, effects });
  return { credential: { ...credential, quotaProject }, found: { source: server.url, ...choice } };
}

function missingError(considered: readonly Considered[]): DecantError {
  const places = considered.map(({ source, state }) => `${source}: ${state}`).join("; ");
  return new DecantError(
    "GCP_CREDENTIALS_MISSING",
    `Cannot find "Google credentials": there are none (${places})`,
    {
      kind: "credentials",
      hint: "Name a file with --key-file, --credentials or GOOGLE_APPLICATION_CREDENTIALS, or log in with: gcloud auth application-default login",
    },
  );
}
