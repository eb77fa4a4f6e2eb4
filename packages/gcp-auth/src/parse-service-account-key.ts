import { checkTokenUri } from "./check-token-uri.ts";
import { decodePrivateKey } from "./decode-private-key.ts";
import { type KeyFlaw, keyError } from "./key-error.ts";

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
  /** The cloud that the key belongs to. Absent: `googleapis.com`. */
  readonly universe_domain?: string;
}

const required = ["client_email", "private_key", "token_uri"] as const;
const optional = ["private_key_id", "client_id", "project_id", "universe_domain"] as const;

const otherTypes: Readonly<Record<string, string>> = {
  authorized_user: "the login of a user, as gcloud writes it",
  external_account: "a workload identity federation file",
  external_account_authorized_user: "a workforce identity login",
  impersonated_service_account: "a login that impersonates a service account",
  gdch_service_account: "a key for Google Distributed Cloud",
};

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
  const file = parseObject(text, source);
  if (file["type"] !== "service_account") throw keyError(source, describeOther(file));
  const key = pick(file, source);
  // It is shown in messages and stands in the claims, so nothing that is no address may pass.
  if (!/^[\x21-\x7e]+@[\x21-\x7e]+$/.test(key.client_email)) {
    throw keyError(source, { state: "its client_email is no e-mail address" });
  }
  decodePrivateKey(key.private_key, source);
  checkTokenUri(key.token_uri, source);
  return key;
}

/** Says what a JSON object without `"type": "service_account"` is, so far as it can be known. */
function describeOther(file: Readonly<Record<string, unknown>>): KeyFlaw {
  const code = "GCP_KEY_TYPE";
  const { type } = file;
  if (typeof type === "string" && Object.hasOwn(otherTypes, type)) {
    return { code, state: `it is ${otherTypes[type]} (type ${type})` };
  }
  if (file["installed"] || file["web"]) return { code, state: "it is an OAuth client file" };
  if (file["apiKey"] || file["project_info"]) {
    return { code, state: "it is the configuration of a Firebase app" };
  }
  if (type === undefined) return { code, state: 'it has no "type"' };
  return { code, state: 'its "type" is not "service_account"' };
}

function parseObject(text: string, source: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    const state = /^\s*$/.test(text)
      ? "it is empty"
      : text.includes("-----BEGIN ")
        ? "it is not JSON, but has a PEM key"
        : "it is not JSON";
    throw keyError(source, { state });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw keyError(source, { state: "it is not a JSON object" });
  }
  return value as Readonly<Record<string, unknown>>;
}

function pick(file: Readonly<Record<string, unknown>>, source: string): ServiceAccountKey {
  const missing = required.filter((name) => file[name] === undefined || file[name] === "");
  if (missing.length > 0) throw keyError(source, { state: `it has no ${missing.join(", ")}` });
  const names = [...required, ...optional].filter((name) => file[name] !== undefined);
  const wrong = names.filter((name) => typeof file[name] !== "string");
  if (wrong.length > 0) throw keyError(source, { state: `its ${wrong.join(", ")} is not text` });
  const fields = Object.fromEntries(names.map((name) => [name, file[name]]));
  return { type: "service_account", ...fields } as ServiceAccountKey;
}
