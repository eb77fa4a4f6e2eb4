import type { CallOptions } from "./call-server.ts";
import { credentialError } from "./credential-error.ts";
import type { CredentialFile } from "./credential-file.ts";
import type { JsonObject } from "./parse-object.ts";

/** Where the token of the other identity provider comes from. */
export interface SubjectTokenSource {
  /** What is asked for it, for people: an address without a query, a file, or a command. */
  readonly endpoints: readonly string[];
  /** What may surprise. @default {[]} */
  readonly warnings?: readonly string[];
  /** What makes its tokens what they are, without secrets. Absent: nobody knows beforehand. */
  readonly identity?: unknown;
  /** The endpoint that Google wants such tokens at. @default {"https://sts.googleapis.com/v1/token"} */
  readonly tokenUrl?: string;
  /** The `fetch` that the exchange takes, where it is not the usual one. */
  fetch?(): Promise<typeof globalThis.fetch>;
  get(options: CallOptions): Promise<string>;
}

/** What a source knows of the credential that it belongs to. */
export interface SubjectTokenContext extends CredentialFile {
  /** The `credential_source` of the file. */
  readonly credentialSource: JsonObject;
  /** The provider in the workload or workforce identity pool. */
  readonly audience: string;
  readonly subjectTokenType: string;
  /** The service account to impersonate afterwards. */
  readonly target?: string | undefined;
}

/** An error about the token of the other identity provider. It never quotes from it. */
export function subjectTokenError(source: string, state: string): Error {
  return credentialError(source, {
    code: "GCP_SUBJECT_TOKEN_MISSING",
    state,
    hint: "Check credential_source in the file, and whether the other identity provider works.",
  });
}
