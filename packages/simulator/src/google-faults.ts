import { apiErrorReply, apiErrors, permissionDenied } from "./google-api-error.ts";
import type { GoogleFailure, GoogleFaultOptions, GoogleOptions } from "./google-options.ts";
import { type GoogleRefusal, googleRefusals, refusalReply } from "./google-refusal.ts";
import type { Reply } from "./loopback-server.ts";
import { html } from "./reply.ts";

/** Decides which requests fail. */
export interface GoogleFaults {
  /** The failure that a request ends in, if any. */
  next(path: string): GoogleFailure | undefined;
  set(failure: GoogleFailure | undefined, options?: GoogleFaultOptions): void;
}

/** Begins with the failure that the options ask for. */
export function createGoogleFaults({ fail, failTimes, failPath }: GoogleOptions): GoogleFaults {
  let failure = fail;
  let left = failTimes ?? Number.POSITIVE_INFINITY;
  let prefix = failPath ?? "/";
  return {
    next(path) {
      if (!failure || left <= 0 || !path.startsWith(prefix)) return undefined;
      left--;
      return failure;
    },
    set(next, { times = Number.POSITIVE_INFINITY, path = "/" } = {}) {
      failure = next;
      left = times;
      prefix = path;
    },
  };
}

const failures: Partial<Record<GoogleFailure, GoogleRefusal>> = {
  invalid_grant_clock: googleRefusals.clock,
  invalid_grant_key: googleRefusals.signature,
  invalid_grant_account: googleRefusals.account,
  invalid_grant_token: googleRefusals.token,
  invalid_rapt: googleRefusals.rapt,
  invalid_client: googleRefusals.client,
  unauthorized_client: googleRefusals.delegation,
  invalid_scope: googleRefusals.scope,
  invalid_target: googleRefusals.target,
  server_error: { status: 503, error: "internal_failure", description: "Backend Error" },
};

/** The answer for a failure that needs no good answer to begin with. */
export function failureReply(failure: GoogleFailure): Reply | undefined {
  const refusal = failures[failure];
  if (refusal) return refusalReply(refusal);
  switch (failure) {
    case "html":
      return html(502, { title: "Error 502 (Server Error)!!1" });
    case "internal_error":
      return apiErrorReply(apiErrors.internal);
    case "rate_limited":
      return apiErrorReply(apiErrors.rateLimit);
    case "permission_denied":
      return apiErrorReply(permissionDenied("iam.serviceAccounts.getAccessToken"));
    case "garbage":
      return { status: 200, headers: { "content-type": "application/json" }, body: '{"access_' };
    case "empty":
      return { status: 200, headers: { "content-type": "application/json" }, body: "" };
    case "down":
      return { status: 503, drop: "before" };
    default:
      return undefined;
  }
}

/** Spoils a good answer. */
export function spoilReply(reply: Reply, failure: GoogleFailure, delayMs: number): Reply {
  if (failure === "cut") return { ...reply, drop: "body" };
  return failure === "slow" ? { ...reply, delayMs } : reply;
}
