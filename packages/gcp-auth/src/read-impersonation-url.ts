import { checkGoogleEndpoint } from "./check-endpoint.ts";
import { credentialError } from "./credential-error.ts";
import type { CredentialFile } from "./credential-file.ts";
import { checkAccountName } from "./iam-url.ts";
import { readFields } from "./read-fields.ts";

/** A service account to impersonate, as a file names it. */
export interface ImpersonationUrl {
  readonly target: string;
  readonly url: string;
}

const field = "service_account_impersonation_url";
const path = /^\/v1\/projects\/-\/serviceAccounts\/([^/:?#]+):generateAccessToken$/;

/**
 * Reads the service account that a credential file says to impersonate.
 *
 * @throws {DecantError} `GCP_URL_UNSAFE`, `GCP_CREDENTIALS_INVALID` or `GCP_ACCOUNT_INVALID`.
 */
export function readImpersonationUrl(
  { file, source }: CredentialFile,
  universe: string,
): ImpersonationUrl | undefined {
  const url = readFields(file, source).optionalText(field);
  if (url === undefined) return undefined;
  checkGoogleEndpoint(url, { source, field, service: "iamcredentials", universe });
  const { pathname, search } = new URL(url);
  const [, account] = path.exec(pathname) ?? [];
  if (account === undefined || search !== "") {
    throw credentialError(source, { state: `its ${field} names no service account` });
  }
  return { target: checkAccountName(account.replace("%40", "@")), url };
}
