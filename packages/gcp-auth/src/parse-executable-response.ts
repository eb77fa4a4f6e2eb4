import { cleanText } from "./clean-text.ts";
import { credentialError } from "./credential-error.ts";
import { type JsonObject, parseObject } from "./parse-object.ts";
import type { SubjectTokenContext } from "./subject-token.ts";

/** A subject token that a command printed. */
export interface ExecutableResponse {
  readonly token: string;
}

/** What {@linkcode parseExecutableResponse} goes by. */
export interface ExecutableResponseOptions
  extends Pick<SubjectTokenContext, "source" | "effects" | "subjectTokenType"> {
  /** Whether it must say when the token ends, as it must for what is kept in a file. */
  readonly endNeeded?: boolean;
}

const tokenFields: Readonly<Record<string, string>> = {
  "urn:ietf:params:oauth:token-type:id_token": "id_token",
  "urn:ietf:params:oauth:token-type:jwt": "id_token",
  "urn:ietf:params:oauth:token-type:saml2": "saml_response",
};

/**
 * Reads what a command printed (https://google.aip.dev/auth/4117, executable-sourced credentials).
 *
 * @throws {DecantError} `GCP_EXECUTABLE_FAILED`, with the command's own words where it has some.
 */
export function parseExecutableResponse(
  text: string,
  options: ExecutableResponseOptions,
): ExecutableResponse {
  const fail = (state: string) =>
    credentialError(options.source, {
      ...{ code: "GCP_EXECUTABLE_FAILED", state },
      hint: "Run the command by hand: it must print the JSON of version 1 that Google describes.",
    });
  const response = parseObject(text);
  if (!response) throw fail("its command printed something that is no JSON object");
  if (response["version"] !== 1) throw fail("its command speaks another version than 1");
  if (response["success"] === false) throw fail(`its command says: ${refusalText(response)}`);
  if (response["success"] !== true) throw fail("its command does not say whether it succeeded");
  const type = String(response["token_type"]);
  const field = Object.hasOwn(tokenFields, type) ? tokenFields[type] : undefined;
  if (field === undefined || type !== options.subjectTokenType) {
    throw fail(`its command printed a token that is no ${options.subjectTokenType}`);
  }
  checkEnd(response["expiration_time"], options, fail);
  const token = response[field];
  if (typeof token !== "string" || token === "") throw fail(`its command printed no ${field}`);
  return { token };
}

function refusalText({ code, message }: JsonObject): string {
  const words = [code, message].filter((word) => typeof word === "string" && word !== "");
  return cleanText(words.join(": ")).replace(/(?<!\.)\.$/, "") || "it failed, for no reason given";
}

function checkEnd(
  end: unknown,
  { effects, endNeeded = false }: ExecutableResponseOptions,
  fail: (state: string) => Error,
): void {
  if (end === undefined && !endNeeded) return;
  if (typeof end !== "number") throw fail("its command does not say when the token ends");
  if (end * 1000 <= effects.now()) throw fail("its command printed a token that has ended");
}
