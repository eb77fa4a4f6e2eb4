import type { JsonObject } from "./google-options.ts";

/** A service account's key file, field by field. */
export interface ServiceAccountKey {
  readonly type: "service_account";
  readonly project_id: string;
  readonly private_key_id: string;
  /** PKCS#8 in PEM. */
  readonly private_key: string;
  readonly client_email: string;
  readonly client_id: string;
  readonly auth_uri: string;
  /** Where the simulator listens. */
  readonly token_uri: string;
  readonly auth_provider_x509_cert_url: string;
  readonly client_x509_cert_url: string;
  readonly universe_domain: string;
}

/** What `gcloud auth application-default login` leaves of a user. */
export interface AuthorizedUserFile {
  readonly type: "authorized_user";
  readonly client_id: string;
  readonly client_secret: string;
  readonly refresh_token: string;
  readonly token_uri: string;
  readonly revoke_uri: string;
  readonly account: string;
  readonly quota_project_id: string;
  readonly universe_domain: string;
}

/** Another credential's way to act as a service account. */
export interface ImpersonatedServiceAccountFile {
  readonly type: "impersonated_service_account";
  readonly service_account_impersonation_url: string;
  readonly delegates: readonly string[];
  readonly source_credentials: JsonObject;
}

/** How a workload of another cloud gets in. */
export interface ExternalAccountFile {
  readonly type: "external_account";
  readonly audience: string;
  readonly subject_token_type: string;
  readonly token_url: string;
  readonly token_info_url: string;
  readonly credential_source: JsonObject;
  readonly universe_domain: string;
}

/** What `gcloud auth login` with a workforce pool leaves of a user. */
export interface ExternalAccountAuthorizedUserFile {
  readonly type: "external_account_authorized_user";
  readonly audience: string;
  readonly refresh_token: string;
  readonly token_url: string;
  readonly token_info_url: string;
  readonly revoke_url: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly quota_project_id: string;
  readonly universe_domain: string;
}

/** A credential file of each kind. */
export interface GoogleCredentials {
  readonly serviceAccount: ServiceAccountKey;
  readonly authorizedUser: AuthorizedUserFile;
  /** The user as `reader`. */
  readonly impersonatedServiceAccount: ImpersonatedServiceAccountFile;
  /** The key of `exporter` as `relay` as `vault`. */
  readonly impersonationChain: ImpersonatedServiceAccountFile;
  readonly externalAccountAuthorizedUser: ExternalAccountAuthorizedUserFile;
  /** The subject token comes from an address that wants the header `Metadata: True`. */
  readonly externalAccountUrl: ExternalAccountFile;
  /** The subject token is a signed request to AWS, by the keys of the AWS metadata server. */
  readonly externalAccountAws: ExternalAccountFile;
  /** The subject token is in a file, as text. */
  externalAccountFile(file: string): ExternalAccountFile;
  /** The subject token comes from a command. */
  externalAccountExecutable(command: string): ExternalAccountFile;
  /**
   * The subject token is the certificate that a configuration file names. Only with `mutualTls`.
   *
   * @throws {Error} without.
   */
  externalAccountCertificate(configFile: string): ExternalAccountFile;
}
