import { DecantError } from "@decant/core";
import { checkGoogleEndpoint } from "./check-endpoint.ts";
import type { Effects } from "./effects.ts";

/** Where the IAM credentials API is looked for. */
export interface IamUrlOptions extends Pick<Effects, "env"> {
  readonly universe: string;
}

// An e-mail address, or the number of the account.
const accountName = /^[a-z0-9.-]+@[a-z0-9.-]+$|^\d+$/i;
const override = "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS";

/**
 * The address of a service account's `generateAccessToken`, at the endpoint that gcloud's own
 * variable CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS names, where it does.
 *
 * @throws {DecantError} `GCP_ACCOUNT_INVALID` or `GCP_URL_UNSAFE`.
 */
export function iamUrl(account: string, { universe, env }: IamUrlOptions): string {
  checkAccountName(account);
  const base = env(override) || `https://iamcredentials.${universe}/`;
  const place = { source: "the environment", field: override };
  checkGoogleEndpoint(base, { ...place, service: "iamcredentials", universe });
  const path = `v1/projects/-/serviceAccounts/${account}:generateAccessToken`;
  return new URL(path, base.endsWith("/") ? base : `${base}/`).href;
}

/**
 * Refuses what cannot be the name of a service account.
 *
 * @throws {DecantError} `GCP_ACCOUNT_INVALID`
 */
export function checkAccountName(account: string): string {
  if (accountName.test(account)) return account;
  throw new DecantError(
    "GCP_ACCOUNT_INVALID",
    `Cannot impersonate ${JSON.stringify(account.slice(0, 100))}: it is no service account`,
    {
      kind: "usage",
      hint: "Give its e-mail address, such as NAME@PROJECT.iam.gserviceaccount.com.",
    },
  );
}
