import type {
  ExternalAccountAuthorizedUserFile,
  ExternalAccountFile,
  GoogleCredentials,
} from "./google-credentials.ts";
import type { JsonObject } from "./google-options.ts";
import { audiences } from "./google-subject-token.ts";
import { type GoogleWorld, project } from "./google-world.ts";

interface Made {
  readonly credentials: GoogleCredentials;
  impersonationUrl(account: string): string;
}

/** Writes a credential file of each kind, with the simulator's addresses in it. */
export function createGoogleCredentials(world: GoogleWorld): Made {
  const { url, account, accounts, universeDomain: universe_domain } = world;
  const impersonationUrl = (email: string) =>
    `${url}/v1/projects/-/serviceAccounts/${email}:generateAccessToken`;
  const authorizedUser = {
    type: "authorized_user",
    ...{ client_id: world.user.id, client_secret: world.user.secret },
    ...{ refresh_token: world.user.refreshToken, account: accounts.user, universe_domain },
    ...{ token_uri: `${url}/token`, revoke_uri: `${url}/revoke`, quota_project_id: project.id },
  } as const;
  const impersonated = (email: string, delegates: readonly string[], source: JsonObject) =>
    ({
      type: "impersonated_service_account",
      service_account_impersonation_url: impersonationUrl(email),
      delegates,
      source_credentials: source,
    }) as const;
  const key: JsonObject = { ...account.key };
  return {
    impersonationUrl,
    credentials: {
      ...{ serviceAccount: account.key, authorizedUser, ...externalAccounts(world) },
      impersonatedServiceAccount: impersonated(accounts.reader, [], authorizedUser),
      impersonationChain: impersonated(
        accounts.vault,
        [`projects/-/serviceAccounts/${accounts.relay}`],
        key,
      ),
      externalAccountAuthorizedUser: workforceUser(world),
    },
  };
}

function workforceUser({ url, worker, universeDomain }: GoogleWorld) {
  return {
    type: "external_account_authorized_user",
    audience: audiences.workforce,
    refresh_token: worker.refreshToken,
    token_url: `${url}/v1/oauthtoken`,
    token_info_url: `${url}/v1/introspect`,
    revoke_url: `${url}/v1/revoke`,
    client_id: worker.id,
    client_secret: worker.secret,
    quota_project_id: project.id,
    universe_domain: universeDomain,
  } satisfies ExternalAccountAuthorizedUserFile;
}

function externalAccounts({ url, universeDomain, mutualTls }: GoogleWorld) {
  const jwt = "urn:ietf:params:oauth:token-type:jwt";
  const file = (credential_source: JsonObject, change: Partial<ExternalAccountFile> = {}) =>
    ({
      ...{ type: "external_account", audience: audiences.oidc, subject_token_type: jwt },
      ...{ token_url: `${url}/v1/token`, token_info_url: `${url}/v1/introspect` },
      ...{ universe_domain: universeDomain, credential_source, ...change },
    }) satisfies ExternalAccountFile;
  const aws = {
    environment_id: "aws1",
    region_url: `${url}/latest/meta-data/placement/availability-zone`,
    url: `${url}/latest/meta-data/iam/security-credentials`,
    imdsv2_session_token_url: `${url}/latest/api/token`,
    regional_cred_verification_url:
      "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
  };
  return {
    externalAccountUrl: file({
      url: `${url}/subject-token`,
      headers: { Metadata: "True" },
      format: { type: "json", subject_token_field_name: "access_token" },
    }),
    externalAccountAws: file(aws, {
      audience: audiences.aws,
      subject_token_type: "urn:ietf:params:aws:token-type:aws4_request",
    }),
    externalAccountFile: (path: string) => file({ file: path }),
    externalAccountExecutable: (command: string) =>
      file({ executable: { command, timeout_millis: 30_000 } }),
    externalAccountCertificate(configFile: string) {
      if (!mutualTls) {
        throw new Error('Cannot write the file "external_account": start with mutualTls: true');
      }
      const certificate = { certificate_config_location: configFile };
      return file(
        { certificate },
        {
          ...{ audience: audiences.x509, token_url: `${mutualTls.url}/v1/token` },
          subject_token_type: "urn:ietf:params:oauth:token-type:mtls",
        },
      );
    },
  };
}
