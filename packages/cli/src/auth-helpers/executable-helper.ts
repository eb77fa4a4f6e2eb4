import { type AuthEntry, DecantError, isDecantError, type Token } from "@decant/core";
import { openProvider } from "../auth/open-provider.ts";
import type { RequestTokenOptions } from "../auth/request-token.ts";
import { writePrivateFile } from "../auth/write-private-file.ts";
import { readEnv } from "../config/read-env.ts";
import type { Provided } from "../plugins/registry.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { parseDuration } from "../text/parse-duration.ts";

const prefix = "GOOGLE_EXTERNAL_ACCOUNT_";
const tokenTypes = ["id_token", "jwt"].map((name) => `urn:ietf:params:oauth:token-type:${name}`);

/**
 * Gives Google's libraries the subject token of an external account, as its file lets them run a
 * command for (https://google.aip.dev/auth/4117, executable-sourced credentials): the provider's
 * identity token, or its usual token where it has none.
 *
 * @throws {DecantError} `EXECUTABLE_REQUEST_INVALID`, or what the provider refuses. It has been said on
 * standard output by then.
 */
export async function executableHelper(
  provided: Provided<AuthEntry>,
  options: RequestTokenOptions,
): Promise<void> {
  // Google's library for Node takes what is said on standard error for a part of a good answer.
  process.removeAllListeners("warning");
  try {
    const type = readTokenType();
    const { value, expiresAt } = await getSubjectToken(provided, options);
    const end = expiresAt && { expiration_time: Math.floor(expiresAt.getTime() / 1000) };
    await respond({ success: true, token_type: type, id_token: value, ...end });
  } catch (error) {
    if (isDecantError(error) && error.code !== "OUTPUT_CLOSED") {
      await respond({ success: false, code: error.code, message: error.message });
    }
    throw error;
  }
}

function readTokenType(): string {
  const asked = readEnv(`${prefix}TOKEN_TYPE`) ?? tokenTypes[0];
  const type = tokenTypes.find((known) => known === asked);
  if (type !== undefined) return type;
  throw invalid(`Cannot give a token of type "${asked}": only ${tokenTypes.join(" and ")}`);
}

async function getSubjectToken(
  provided: Provided<AuthEntry>,
  { given, audience = readEnv(`${prefix}AUDIENCE`), minTtl, cache }: RequestTokenOptions,
): Promise<Token> {
  const minTtlMs = minTtl === undefined ? undefined : parseDuration(minTtl);
  if (audience === undefined) throw invalid("Cannot give a token: nobody says for which audience");
  const provider = await openProvider(provided, { given, cache });
  const request = { audience, ...(minTtlMs === undefined ? {} : { minTtlMs }) };
  return (await provider.getIdToken?.(request)) ?? (await provider.getToken(request));
}

async function respond(response: object): Promise<void> {
  const text = `${JSON.stringify({ version: 1, ...response })}\n`;
  const file = readEnv(`${prefix}OUTPUT_FILE`);
  if (file !== undefined && "id_token" in response) {
    // It only spares the next run: the token is on standard output, too.
    await writePrivateFile(file, text).catch(() => {});
  }
  await writeStdout(text);
}

function invalid(message: string): DecantError {
  return new DecantError("EXECUTABLE_REQUEST_INVALID", message, {
    kind: "usage",
    hint: "Name this command in the file of an external account, or give --audience to try it.",
  });
}
