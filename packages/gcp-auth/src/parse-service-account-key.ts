import { checkTokenUri } from "./check-token-uri.ts";
import { decodePrivateKey } from "./decode-private-key.ts";
import { describeFile } from "./describe-file.ts";
import { keyError } from "./key-error.ts";
import { parseFile } from "./parse-file.ts";
import type { JsonObject } from "./parse-object.ts";

/** A service account key, with the names that Google's key file gives its fields. */
export interface ServiceAccountKey {
  readonly type: "service_account";
  /** The e-mail address of the service account. */
  readonly client_email: string;
  /** PKCS#8 in PEM. */
  readonly private_key: string;
  /** Names the key among those of the account. Not a secret. */
  readonly private_key_id?: string;
  /** Where the signed assertion is exchanged for a token. */
  readonly token_uri: string;
  /** The numeric id that an administrator authorises for domain-wide delegation. */
  readonly client_id?: string;
  readonly project_id?: string;
  /** The project that calls are counted against. */
  readonly quota_project_id?: string;
  /** The cloud that the key belongs to. Absent: `googleapis.com`. */
  readonly universe_domain?: string;
}

const required = ["client_email", "private_key", "token_uri"] as const;
const optional = [
  "private_key_id",
  "client_id",
  "project_id",
  "quota_project_id",
  "universe_domain",
] as const;

/**
 * Reads a service account key from the text of its JSON file, and checks all that can be checked
 * without asking Google.
 *
 * @param text The content of the key file.
 * @param source Where it came from, for messages, such as the name of the file.
 * @returns The key, with the fields that are known and no other.
 * @throws {DecantError} `GCP_KEY_INVALID` for a damaged or incomplete key, `GCP_KEY_TYPE` for a file
 * of another kind, `GCP_TOKEN_URI` for a token endpoint that is not https (http is allowed on
 * loopback only). None of them quotes from the file.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { parseServiceAccountKey } from "@decant/gcp-auth";
 *
 * async function readKey(path: string): Promise<string> {
 *   const key = parseServiceAccountKey(await readFile(path, "utf8"), path);
 *   return key.client_email;
 * }
 * ```
 */
export function parseServiceAccountKey(
  text: string,
  source: string = "the given text",
): ServiceAccountKey {
  const file = parseFile(text, (state) => keyError(source, { state }));
  if (file["type"] !== "service_account") {
    throw keyError(source, {
      code: "GCP_KEY_TYPE",
      state: describeFile(file, '"service_account"'),
    });
  }
  const key = pick(file, source);
  // It is shown in messages and stands in the claims, so nothing that is no address may pass.
  if (!/^[\x21-\x7e]+@[\x21-\x7e]+$/.test(key.client_email)) {
    throw keyError(source, { state: "its client_email is no e-mail address" });
  }
  decodePrivateKey(key.private_key, source);
  checkTokenUri(key.token_uri, source);
  return key;
}

function pick(file: JsonObject, source: string): ServiceAccountKey {
  const missing = required.filter((name) => file[name] === undefined || file[name] === "");
  if (missing.length > 0) throw keyError(source, { state: `it has no ${missing.join(", ")}` });
  const names = [...required, ...optional].filter((name) => file[name] !== undefined);
  const wrong = names.filter((name) => typeof file[name] !== "string");
  if (wrong.length > 0) throw keyError(source, { state: `its ${wrong.join(", ")} is not text` });
  const fields = Object.fromEntries(names.map((name) => [name, file[name]]));
  return { type: "service_account", ...fields } as ServiceAccountKey;
}
