import type { DecantError } from "@decant/core";
import { expect, test } from "vitest";
import { answerError } from "./answer-error.ts";
import { serviceAccountExchange } from "./service-account-credential.ts";

const now = Date.parse("2026-01-01T12:00:00Z");
const key = {
  type: "service_account",
  client_email: "robot@acme.iam.gserviceaccount.com",
  client_id: "112233",
  private_key: "unused",
  private_key_id: "0123456789abcdef",
  token_uri: "https://oauth2.googleapis.com/token",
} as const;
const scopes = ["https://www.googleapis.com/auth/drive", "email"];
const exchange = (subject?: string) => serviceAccountExchange({ key, subject }, scopes);
const subject = "jo@acme.example";

interface Given {
  readonly status?: number;
  readonly subject?: string;
  readonly date?: string;
}

/** The error that an answer in JSON leads to. */
function refusal(data: Readonly<Record<string, unknown>>, given: Given = {}): DecantError {
  const { status = 400, date, subject } = given;
  const response = new Response(null, { status, headers: date ? { date } : {} });
  return answerError(exchange(subject), { response, text: "", data, now });
}

function grantRefusal(error_description: string, given?: Given): DecantError {
  return refusal({ error: "invalid_grant", error_description }, given);
}

const clockText =
  "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.";

test("answerError() says to which side the clock is off", () => {
  const ahead = grantRefusal(clockText, { date: "Thu, 01 Jan 2026 11:00:00 GMT" });
  expect(ahead).toMatchObject({ code: "GCP_CLOCK_SKEW", kind: "credentials", retryable: false });
  expect(ahead.message).toContain("is 1 h ahead of the server's (invalid_grant: Invalid JWT");
  const behind = grantRefusal(clockText, { date: "Sat, 03 Jan 2026 12:00:00 GMT" });
  expect(behind.message).toContain("the clock of this machine is 2 d behind the server's");
});

test("answerError() does not blame a clock that is right or cannot be compared", () => {
  for (const date of ["Thu, 01 Jan 2026 11:59:51 GMT", undefined, "today"]) {
    const error = grantRefusal(clockText, date ? { date } : {});
    expect(error.code).toBe("GCP_CLOCK_SKEW");
    expect(error.message).toContain(": the server finds the time of the request wrong (");
  }
});

test("answerError() names the key that was revoked", () => {
  const signature = grantRefusal("Invalid JWT Signature.");
  expect(signature.code).toBe("GCP_KEY_REVOKED");
  expect(signature.hint).toContain(key.private_key_id);
  expect(signature.message).toMatch(/ \(invalid_grant: Invalid JWT Signature\)$/);
  const disabled = {
    error: "disabled_client",
    error_description: "The OAuth client was disabled.",
  };
  expect(refusal(disabled, { status: 401 }).code).toBe("GCP_KEY_REVOKED");
});

test("answerError() names an account that is gone", () => {
  for (const text of ["Invalid grant: account not found", "Robot is disabled.", "Was deleted"]) {
    const error = grantRefusal(text);
    expect(error.code).toBe("GCP_ACCOUNT_DISABLED");
    expect(error.hint).toContain(key.client_email);
    expect(grantRefusal(text, { subject }).hint).toContain(subject);
  }
  expect(refusal({ error: "deleted_client" }).code).toBe("GCP_ACCOUNT_DISABLED");
});

test("answerError() tells a user that does not exist", () => {
  const error = grantRefusal("Invalid email or User ID", { subject });
  expect(error.code).toBe("GCP_SUBJECT_UNKNOWN");
  expect(error.message).toMatch(/^Cannot get a token for "jo@acme.example": /);
});

test("answerError() tells the administrator what to authorise", () => {
  const data = {
    error: "unauthorized_client",
    error_description: "Client is unauthorized to retrieve access tokens using this method.",
  };
  const error = refusal(data, { status: 401, subject });
  expect(error.code).toBe("GCP_DELEGATION_DENIED");
  expect(error.message).toContain(`: ${key.client_email} may not act for this user`);
  expect(error.hint).toContain("client id 112233 for https://www.googleapis.com/auth/drive,email");
  expect(error.hint).toContain("Admin console");
  expect(refusal(data).hint).toContain("must be given as subject");
});

test("answerError() names the scopes that were refused", () => {
  const error = refusal({ error: "invalid_scope", error_description: "Invalid OAuth scope." });
  expect(error).toMatchObject({ code: "GCP_SCOPE_INVALID", kind: "credentials" });
  expect(error.hint).toContain("https://www.googleapis.com/auth/drive email");
});

test("answerError() passes on what it does not know", () => {
  const end = (data: Record<string, unknown>, status = 400) => {
    const error = refusal(data, { status });
    expect(error).toMatchObject({ code: "GCP_REFUSED", retryable: false });
    return error.message.split(": the server refused ")[1];
  };
  expect(end({ error: "admin_policy_enforced" })).toBe("(admin_policy_enforced)");
  expect(end({ error: "invalid_grant", error_description: "Bad Request" })).toBe(
    "(invalid_grant: Bad Request)",
  );
  expect(end({ error: { code: 403, status: "PERMISSION_DENIED", message: "No access." } })).toBe(
    "(PERMISSION_DENIED: No access)",
  );
  expect(end({}, 404)).toBe("(status 404)");
  expect(end({ error: 7, error_description: [] }, 404)).toBe("(status 404)");
  expect(end({ error: "toString" })).toBe("(toString)");
});

test("answerError() tells how long a busy server asks to wait, by that server's clock", () => {
  const waitOf = (value: string, date = "Thu, 01 Jan 2026 12:00:00 GMT") => {
    const response = new Response(null, { status: 503, headers: { "retry-after": value, date } });
    return answerError(exchange(), { response, text: "", data: undefined, now }).retryAfterMs;
  };
  expect(waitOf("2.5")).toBe(2_500);
  expect(waitOf("Thu, 01 Jan 2026 13:00:05 GMT", "Thu, 01 Jan 2026 13:00:00 GMT")).toBe(5_000);
  expect(waitOf("soon")).toBeUndefined();
});
