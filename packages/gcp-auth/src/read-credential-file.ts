import { DecantError } from "@decant/core";
import type { Credential } from "./credential.ts";
import { credentialError } from "./credential-error.ts";
import type { CredentialFile } from "./credential-file.ts";
import { parseFile } from "./parse-file.ts";
import { parseServiceAccountKey } from "./parse-service-account-key.ts";
import { readCredential } from "./read-credential.ts";
import { fileError, readText } from "./read-text.ts";

/** What else {@linkcode readCredentialFile} goes by. */
export interface CredentialFileOptions extends Omit<CredentialFile, "file" | "source"> {
  /** Reads standard input to its end, for the path `-`. */
  readonly readStdin?: (() => Promise<Uint8Array>) | undefined;
  /** Whether it must be the key of a service account. @default {false} */
  readonly isKey?: boolean;
}

/**
 * Reads a credential from a file, or from standard input where the path is `-`.
 *
 * @throws {DecantError} `GCP_KEY_UNREADABLE`, and what `readCredential` throws.
 */
export async function readCredentialFile(
  path: string,
  options: CredentialFileOptions,
): Promise<Credential> {
  refuseKey(path);
  const isStdin = path === "-" && options.readStdin !== undefined;
  const source = isStdin ? "standard input" : path;
  const text = isStdin
    ? await readStdin(options.readStdin!)
    : await readText(path, { ...options, fail: (state) => unreadable(source, state) });
  if (options.isKey) {
    const key = parseServiceAccountKey(text, source);
    return readCredential({ ...options, source, file: { ...key } });
  }
  const fail = (state: string) => credentialError(source, { state });
  return readCredential({ ...options, source, file: parseFile(text, fail) });
}

async function readStdin(read: () => Promise<Uint8Array>): Promise<string> {
  try {
    return new TextDecoder().decode(await read());
  } catch (error) {
    throw fileError(error, (state) => unreadable("standard input", state));
  }
}

/** People put the key itself where its path belongs. It must not come back in a message. */
function refuseKey(path: string): void {
  const isKey = path.length > 1_024 || path.includes("PRIVATE KEY") || /^\s*\{/.test(path);
  if (!isKey) return;
  throw new DecantError(
    "GCP_KEY_UNREADABLE",
    "Cannot read the credential file: its name is the credential itself",
    {
      kind: "credentials",
      hint: "Put the credential in a file and give its path, or pipe it in with --key-file -.",
    },
  );
}

function unreadable(path: string, state: string): DecantError {
  return new DecantError("GCP_KEY_UNREADABLE", `Cannot read "${path}": ${state}`, {
    kind: "credentials",
    hint: "Check --key-file, --credentials and GOOGLE_APPLICATION_CREDENTIALS: each must be the path of a file.",
  });
}
