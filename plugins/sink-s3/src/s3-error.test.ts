import { DecantError } from "@decant/core";
import { expect, test } from "vitest";
import { s3Error } from "./s3-error.ts";

/** An error as the SDK throws it. */
function thrown(
  name: string,
  { status, ...more }: { status?: number; [key: string]: unknown } = {},
) {
  return Object.assign(new Error("words"), { name, $metadata: { httpStatusCode: status } }, more);
}

test.each([
  [thrown("Error", { code: "ENOTFOUND" }), "S3_UNREACHABLE", /^no answer came \(ENOTFOUND\)$/],
  [thrown("Error", { code: "EAI_AGAIN" }), "S3_UNREACHABLE", /^no answer came/],
  [thrown("TimeoutError"), "S3_UNREACHABLE", /^no answer came \(TimeoutError\)$/],
  [thrown("Error", { code: "CERT_HAS_EXPIRED" }), "S3_UNREACHABLE", /^its certificate cannot/],
  [thrown("Error", { code: "ERR_TLS_CERT_ALTNAME_INVALID" }), "S3_UNREACHABLE", /^its certif/],
  [thrown("CredentialsProviderError"), "S3_CREDENTIALS_MISSING", /^there are no credentials$/],
  [thrown("NoSuchUpload", { status: 404 }), "STATE_MISMATCH", /^its unfinished upload is gone$/],
  [thrown("InvalidPart", { status: 400 }), "S3_FAILED", /^400 InvalidPart, "words"$/],
  [thrown("constructor", { status: 400 }), "S3_FAILED", /^400 constructor, "words"$/],
  [thrown("TypeError"), "S3_FAILED", /^TypeError, "words"$/],
  [thrown("x", { status: 418, message: "y".repeat(9999) }), "S3_FAILED", /^418 x, "y{200}"$/],
  ["no error at all", "S3_FAILED", /^Error$/],
])("s3Error() says what %s is", (error, code, state) => {
  const { message, ...found } = s3Error('write "s3://b/k"', error);
  expect(found).toMatchObject({ code, hint: expect.stringMatching(/\.$/) });
  const [, rest] = /^Cannot write "s3:\/\/b\/k": (.*)$/.exec(message) ?? [];
  expect(rest).toMatch(state);
});

test("s3Error() leaves an error that is one of decant's as it is", () => {
  const own = new DecantError("OUTPUT_EXISTS", "Cannot", { kind: "usage" });
  expect(s3Error("write", own)).toBe(own);
});
