import { DecantError } from "@decant/core";

const fallback = "Take away its roles.";

/** What ends a credential that no endpoint takes back, by its kind. */
const instead: Readonly<Record<string, string>> = {
  service_account:
    "Delete the key, or disable the account: gcloud iam service-accounts keys delete, or disable.",
  impersonated_service_account:
    "Take the role roles/iam.serviceAccountTokenCreator away from who impersonates, or disable the account.",
  external_account:
    "Take away the roles of the federated identity, or delete the provider from its pool.",
  metadata_server: "Detach the service account from the machine, or take away its roles.",
};

/** Says that a credential cannot be taken back, and what to do instead. */
export function revokeRefusal(kind: string): DecantError {
  return new DecantError(
    "GCP_REVOKE_UNSUPPORTED",
    `Cannot revoke a credential of type "${kind}": Google takes back logins of users only`,
    {
      kind: "usage",
      hint: `${instead[kind] ?? fallback} A token that it has got works until it ends.`,
    },
  );
}
