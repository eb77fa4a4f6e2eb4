import { DecantError } from "@decant/core";
import { authorizedUserCredential } from "./authorized-user-credential.ts";
import type { Credential } from "./credential.ts";
import { credentialError } from "./credential-error.ts";
import type { CredentialFile } from "./credential-file.ts";
import { describeFile } from "./describe-file.ts";
import { externalAccountCredential } from "./external-account-credential.ts";
import { externalUserCredential } from "./external-user-credential.ts";
import { impersonatedCredential } from "./impersonated-credential.ts";
import type { JsonObject } from "./parse-object.ts";
import { parseServiceAccountKey } from "./parse-service-account-key.ts";
import { readFields } from "./read-fields.ts";
import { readImpersonationUrl } from "./read-impersonation-url.ts";
import { serviceAccountCredential } from "./service-account-credential.ts";
import { defaultUniverse } from "./universe.ts";

type Reader = (context: CredentialFile) => Promise<Credential>;

const readers: Readonly<Record<string, Reader>> = {
  service_account: async ({ file, source, subject, effects }) => {
    const key = parseServiceAccountKey(JSON.stringify(file), source);
    return serviceAccountCredential({ key, subject, effects });
  },
  authorized_user: authorizedUserCredential,
  impersonated_service_account: readImpersonated,
  external_account: externalAccountCredential,
  external_account_authorized_user: externalUserCredential,
};

/**
 * Reads a credential of any kind.
 *
 * @throws {DecantError} for a file that cannot be used, saying why.
 */
export async function readCredential(context: CredentialFile): Promise<Credential> {
  const { source, subject, quotaProject } = context;
  const file =
    quotaProject === undefined ? context.file : { ...context.file, quota_project_id: quotaProject };
  const type = String(file["type"]);
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (!read) {
    throw credentialError(source, {
      code: "GCP_CREDENTIALS_TYPE",
      state: describeFile(file, "one that is known"),
      hint: "Use the key of a service account, a login by gcloud, or a file of workload identity federation.",
    });
  }
  if (subject !== undefined && !mayDelegate(file)) refuseSubject(subject, type);
  return read({ ...context, file });
}

/** Whether tokens are those of a service account, which may act for users. */
function mayDelegate(file: JsonObject): boolean {
  const { type, service_account_impersonation_url: url } = file;
  return type === "service_account" || (url !== undefined && url !== "");
}

function refuseSubject(subject: string, type: string): never {
  throw new DecantError(
    "GCP_SUBJECT_UNSUPPORTED",
    `Cannot act for "${subject}" with a credential of type "${type}": only a service account can`,
    { kind: "usage", hint: "Leave the subject out, or name a service account to impersonate." },
  );
}

async function readImpersonated(context: CredentialFile): Promise<Credential> {
  const { file, source, effects, account, universe, subject } = context;
  const fields = readFields(file, source);
  const credential = await readCredential({
    file: fields.object("source_credentials"),
    source: `${source}: source_credentials`,
    ...{ effects, account, universe },
  });
  const impersonation = readImpersonationUrl(context, credential.universe ?? defaultUniverse);
  if (!impersonation) {
    throw credentialError(source, { state: "it has no service_account_impersonation_url" });
  }
  return impersonatedCredential({
    ...{ credential, ...impersonation, subject, effects },
    delegates: fields.list("delegates"),
    lifetimeSeconds: context.lifetimeSeconds,
    quotaProject: fields.optionalText("quota_project_id"),
  });
}
