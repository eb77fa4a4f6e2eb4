import { type AuthEntry, DecantError } from "@decant/core";
import { type RequestTokenOptions, requestToken } from "../auth/request-token.ts";
import { readEnv } from "../config/read-env.ts";
import type { Provided } from "../plugins/registry.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { parseExecInfo } from "./parse-exec-info.ts";

/**
 * Gives kubectl, and other clients of Kubernetes, a token as an `ExecCredential`
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
 *
 * @throws {DecantError} `EXEC_INFO_INVALID`, or what the provider refuses.
 */
export async function kubectlHelper(
  provided: Provided<AuthEntry>,
  options: RequestTokenOptions,
): Promise<void> {
  const apiVersion = parseExecInfo(readEnv("KUBERNETES_EXEC_INFO"));
  const { value, type, expiresAt } = await requestToken(provided, options);
  if (type.toLowerCase() !== "bearer") {
    throw new DecantError(
      "HELPER_TOKEN_UNFIT",
      `Cannot give kubectl a token of type "${type}": it takes Bearer only`,
      { kind: "usage", hint: "Use a provider whose tokens are of this type." },
    );
  }
  const status = {
    token: value,
    // Without it, kubectl keeps the token for as long as the server takes it.
    ...(expiresAt && { expirationTimestamp: expiresAt.toISOString() }),
  };
  await writeStdout(`${JSON.stringify({ apiVersion, kind: "ExecCredential", status })}\n`);
}
