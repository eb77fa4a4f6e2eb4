import type { JsonObject } from "./parse-object.ts";

const types: Readonly<Record<string, string>> = {
  service_account: "a service account key",
  authorized_user: "the login of a user, as gcloud writes it",
  external_account: "a workload identity federation file",
  external_account_authorized_user: "a workforce identity login",
  impersonated_service_account: "a login that impersonates a service account",
  gdch_service_account: "a key for Google Distributed Cloud",
};

/**
 * Says what a JSON object is that is not the credential that is wanted.
 *
 * @param wanted What its `type` should be.
 */
export function describeFile(file: JsonObject, wanted: string): string {
  const { type } = file;
  if (typeof type === "string" && Object.hasOwn(types, type)) {
    return `it is ${types[type]} (type ${type})`;
  }
  if (file["installed"] || file["web"]) return "it is an OAuth client file";
  if (file["apiKey"] || file["project_info"]) return "it is the configuration of a Firebase app";
  if (type === undefined) return 'it has no "type"';
  return `its "type" is not ${wanted}`;
}
