import { DecantError } from "@decant/core";
import { readSmallFile } from "../auth/read-small-file.ts";
import { readEnv } from "../config/read-env.ts";
import { isLocal, type ServiceAddress } from "./parse-address.ts";

const variable = "DECANT_SERVE_SECRET";

/**
 * Reads the secret that clients must send: that of a file, else of `DECANT_SERVE_SECRET`. Whoever
 * reaches the service has the rights of the account, so that other machines need one.
 *
 * @throws {DecantError} `SERVE_SECRET_MISSING`, `SERVE_SECRET_INVALID`.
 */
export async function readSecret(
  address: ServiceAddress,
  file: string | undefined,
): Promise<string | undefined> {
  const secret = file === undefined ? readEnv(variable) : await readSecretFile(file);
  if (secret !== undefined || isLocal(address)) return secret;
  throw new DecantError(
    "SERVE_SECRET_MISSING",
    "Cannot serve tokens to other machines: there is no shared secret",
    {
      kind: "usage",
      hint: `Put 16 characters or more in --secret-file or ${variable}, or listen on 127.0.0.1 or unix:PATH.`,
    },
  );
}

async function readSecretFile(path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await readSmallFile(path)).replace(/\r?\n$/, "");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DecantError("SERVE_SECRET_INVALID", `Cannot read "${path}": ${String(code)}`, {
      kind: "usage",
      hint: "Let --secret-file name a file that holds the shared secret alone.",
    });
  }
}
