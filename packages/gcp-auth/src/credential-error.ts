import { DecantError } from "@decant/core";

/** What {@linkcode credentialError} says. */
export interface CredentialFlaw {
  /** @default {"GCP_CREDENTIALS_INVALID"} */
  readonly code?: string;
  /** What is wrong, to stand after the colon. */
  readonly state: string;
  /** @default {"Make the file again ..."} */
  readonly hint?: string;
}

/** An error about a credential file. It never has a cause: a parser's own error quotes from the file. */
export function credentialError(source: string, flaw: CredentialFlaw): DecantError {
  return new DecantError(
    flaw.code ?? "GCP_CREDENTIALS_INVALID",
    `Cannot use "${source}" as a Google credential: ${flaw.state}`,
    {
      kind: "credentials",
      hint:
        flaw.hint ??
        "Make the file again, with gcloud or in the Google Cloud console, and use it as it is.",
    },
  );
}
