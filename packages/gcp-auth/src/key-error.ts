import { DecantError } from "@decant/core";

/** What {@linkcode keyError} says. */
export interface KeyFlaw {
  /** @default {"GCP_KEY_INVALID"} */
  readonly code?: string;
  /** What is wrong, to stand after the colon. */
  readonly state: string;
  /** @default {"Download the key again ..."} */
  readonly hint?: string;
}

/** An error about a key. It never has a cause: a parser's own error quotes from the file. */
export function keyError(source: string, flaw: KeyFlaw): DecantError {
  return new DecantError(
    flaw.code ?? "GCP_KEY_INVALID",
    `Cannot use "${source}" as a service account key: ${flaw.state}`,
    {
      kind: "credentials",
      hint:
        flaw.hint ??
        "Create a new JSON key for the service account in the Google Cloud console, and use the file as it was downloaded.",
    },
  );
}
