import type { ServerRequest } from "./call-server.ts";
import type { Exchange, ExchangeFlaw } from "./exchange-error.ts";
import type { Refusal } from "./refusal-error.ts";

/** A service account that somebody else asks a token for. */
export interface IamTarget {
  /** The service account. */
  readonly target: string;
  /** Those in between, each of which may impersonate the next. */
  readonly delegates: readonly string[];
  /** The address of its `generateAccessToken`. */
  readonly url: string;
  /** Who asks, in messages. */
  readonly source: string;
  /** The project that the request is counted against. */
  readonly quotaProject?: string | undefined;
}

/** A method of the IAM credentials API, and what it is asked. */
export interface IamCall {
  readonly method: "generateAccessToken" | "generateIdToken" | "signJwt";
  /** The access token of who asks. */
  readonly bearer: string;
  readonly scopes: readonly string[];
  readonly body: object;
}

/**
 * A request to the IAM credentials API
 * (https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts).
 */
export function iamExchange(target: IamTarget, call: IamCall): Exchange & ServerRequest {
  const { quotaProject, delegates } = target;
  return {
    label: target.target,
    principal: target.target,
    url: target.url.replace(/:generateAccessToken$/, `:${call.method}`),
    urlSource: "service_account_impersonation_url",
    scopes: call.scopes,
    findFlaw: (refusal) => iamFlaw(target, call, refusal),
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${call.bearer}`,
      ...(quotaProject !== undefined && { "x-goog-user-project": quotaProject }),
    },
    body: JSON.stringify({
      ...(delegates.length > 0 && { delegates: delegates.map(resourceName) }),
      ...call.body,
    }),
  };
}

function resourceName(account: string): string {
  // Files name them either way.
  return `projects/-/serviceAccounts/${account.replace(/^projects\/-\/serviceAccounts\//, "")}`;
}

function iamFlaw(
  { target, source, delegates }: IamTarget,
  { scopes }: IamCall,
  { status, description, reason }: Refusal,
): ExchangeFlaw | undefined {
  if (reason === "SERVICE_DISABLED") {
    return {
      code: "GCP_API_DISABLED",
      state: "the IAM credentials API is not enabled in the project",
      hint: "Enable it with: gcloud services enable iamcredentials.googleapis.com",
    };
  }
  if (/serviceusage/i.test(description) || reason === "USER_PROJECT_DENIED") {
    return {
      code: "GCP_QUOTA_PROJECT_DENIED",
      state: `${source} may not count calls against the quota project`,
      hint: `Give roles/serviceusage.serviceUsageConsumer on the project to ${source}, or name another quota project.`,
    };
  }
  if (status === 403) {
    const first = delegates[0] ?? target;
    return {
      code: "GCP_IMPERSONATION_DENIED",
      state: `${source} may not impersonate it`,
      hint: `Give roles/iam.serviceAccountTokenCreator on ${first} to ${source}${delegates.length > 0 ? ", and on each account of the chain to the one before" : ""}; a new role takes some minutes.`,
    };
  }
  if (status === 404) {
    return {
      code: "GCP_ACCOUNT_DISABLED",
      state: "there is no such service account, or it is disabled",
      hint: `Check in the Google Cloud console that ${target} exists and is enabled.`,
    };
  }
  if (status === 400 && /lifetime/i.test(description)) return lifetimeFlaw;
  if (status === 400 && /scope/i.test(description)) {
    return {
      code: "GCP_SCOPE_INVALID",
      state: "the server does not know one of the scopes",
      hint: `Check the scopes against developers.google.com/identity/protocols/oauth2/scopes; asked for were ${scopes.join(" ")}.`,
    };
  }
  return undefined;
}

const lifetimeFlaw: ExchangeFlaw = {
  code: "GCP_LIFETIME_INVALID",
  state: "the server does not let a token live that long",
  hint: "Ask for one hour, or let an administrator add the account to the constraint iam.allowServiceAccountCredentialLifetimeExtension.",
};
