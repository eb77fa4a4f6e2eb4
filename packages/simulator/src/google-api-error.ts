import type { JsonObject } from "./google-options.ts";
import type { Reply } from "./loopback-server.ts";
import { json, type Refusal } from "./reply.ts";

/** An error as Google's APIs word it (google.rpc.Status, AIP-193). */
export interface ApiError {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly details?: readonly JsonObject[];
}

const login =
  "Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";

/** Google's own texts. */
export const apiErrors = {
  noCredentials: unauthenticated("is missing required authentication credential", [
    errorInfo("CREDENTIALS_MISSING"),
  ]),
  badCredentials: unauthenticated("had invalid authentication credentials"),
  scope: denied("Request had insufficient authentication scopes.", [
    errorInfo("ACCESS_TOKEN_SCOPE_INSUFFICIENT", { service: "iamcredentials.googleapis.com" }),
  ]),
  notFound: { code: 404, status: "NOT_FOUND", message: "Requested entity was not found." },
  internal: { code: 500, status: "INTERNAL", message: "Internal error encountered." },
  rateLimit: {
    code: 429,
    status: "RESOURCE_EXHAUSTED",
    message: "Quota exceeded for quota metric 'Generate credentials requests'.",
  },
} as const satisfies Record<string, ApiError>;

/** The refusal for a lack of a permission of IAM. */
export function permissionDenied(permission: string): ApiError {
  return denied(`Permission '${permission}' denied on resource (or it may not exist).`, [
    errorInfo("IAM_PERMISSION_DENIED", { permission }, "iam.googleapis.com"),
  ]);
}

/** The refusal for a project that the caller may not use the quota of. */
export function projectDenied(consumer: string): ApiError {
  return denied(
    `Caller does not have required permission to use project ${consumer}. Grant the caller the roles/serviceusage.serviceUsageConsumer role, or a custom role with the serviceusage.services.use permission, by visiting https://console.developers.google.com/iam-admin/iam/project?project=${consumer} and then retry. Propagation of the new permission may take a few minutes.`,
    [errorInfo("USER_PROJECT_DENIED", { consumer: `projects/${consumer}` })],
  );
}

/** The refusal for a value that cannot be; Google often says no more than that. */
export function invalidArgument(
  field: string,
  message = "Request contains an invalid argument.",
): ApiError {
  const violation = { field, description: message };
  const details = [
    { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: [violation] },
  ];
  return { code: 400, message, status: "INVALID_ARGUMENT", details };
}

/** Ends a request early: handlers throw what this returns. */
export function refuseCall(error: ApiError): Refusal {
  return { refusal: apiErrorReply(error) };
}

/** Writes an error. */
export function apiErrorReply(error: ApiError): Reply {
  return json(
    { error },
    {
      status: error.code,
      headers: {
        "content-type": "application/json; charset=UTF-8",
        ...(error.code === 401
          ? { "www-authenticate": 'Bearer realm="https://accounts.google.com/"' }
          : {}),
        ...(error.code === 429 ? { "retry-after": "1" } : {}),
      },
    },
  );
}

function denied(message: string, details: readonly JsonObject[]): ApiError {
  return { code: 403, message, status: "PERMISSION_DENIED", details };
}

function unauthenticated(how: string, details?: readonly JsonObject[]): ApiError {
  return {
    ...{ code: 401, message: `Request ${how}. ${login}`, status: "UNAUTHENTICATED" },
    ...(details ? { details } : {}),
  };
}

function errorInfo(reason: string, metadata: JsonObject = {}, domain = "googleapis.com") {
  return { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain, metadata };
}
