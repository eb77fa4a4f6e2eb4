/**
 * The provider `gcp` for a host of token providers, such as the program `decant`.
 *
 * @module
 */

import { type AuthContext, type AuthPlugin, DecantError, isDecantError } from "@decant/core";
import { parseServiceAccountKey } from "./parse-service-account-key.ts";
import { serviceAccountProvider } from "./service-account-provider.ts";

const states: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "it may not be read",
  EPERM: "it may not be read",
};

/**
 * Opens the provider `gcp` from the options `key-file` (a path, or `-` for standard input) and
 * `subject` (the user to act for).
 *
 * `open` throws a {@linkcode DecantError} of kind `credentials`: `GCP_KEY_MISSING` without a key file,
 * `GCP_KEY_UNREADABLE` for one that cannot be read, and what `parseServiceAccountKey` throws.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import plugin from "@decant/gcp-auth/plugin";
 *
 * const provider = await plugin.open({
 *   options: { "key-file": "key.json" },
 *   env: () => undefined,
 *   readFile,
 *   readStdin: async () => new Uint8Array(),
 *   now: Date.now,
 *   fetch,
 * });
 * console.log((await provider.getToken({})).expiresAt);
 * ```
 */
const plugin: AuthPlugin = {
  async open(context) {
    const { subject } = context.options;
    return serviceAccountProvider({
      key: await readKey(context),
      fetch: context.fetch,
      now: () => context.now(),
      ...(typeof subject === "string" && subject !== "" ? { subject } : {}),
    });
  },
};

export default plugin;

/** People put the key itself where its path belongs. It must not come back in a message. */
function looksLikeKey(path: string): boolean {
  return path.length > 1_024 || path.includes("PRIVATE KEY") || path.trimStart().startsWith("{");
}

function keyFile({ options }: AuthContext): string {
  const path = options["key-file"];
  if (typeof path !== "string" || path === "") {
    throw new DecantError(
      "GCP_KEY_MISSING",
      'Cannot read the "service account key": none is given',
      {
        kind: "credentials",
        hint: "Name the file with --key-file or GOOGLE_APPLICATION_CREDENTIALS, or pipe it in with --key-file -.",
      },
    );
  }
  if (looksLikeKey(path)) {
    throw new DecantError(
      "GCP_KEY_UNREADABLE",
      "Cannot read the key file: its name is the key itself",
      {
        kind: "credentials",
        hint: "Put the key in a file and give its path, or pipe it in with --key-file -.",
      },
    );
  }
  return path;
}

function unreadable(path: string, error: unknown): DecantError {
  const { code } = Object(error) as { code?: unknown };
  const name = typeof code === "string" ? code : "unknown reason";
  return new DecantError("GCP_KEY_UNREADABLE", `Cannot read "${path}": ${states[name] ?? name}`, {
    kind: "credentials",
    hint: "Check --key-file and GOOGLE_APPLICATION_CREDENTIALS: it must be the path of a key file.",
  });
}

async function readKey(context: AuthContext) {
  const path = keyFile(context);
  const source = path === "-" ? "standard input" : path;
  const read = path === "-" ? context.readStdin() : context.readFile(path);
  const bytes = await read.catch((error: unknown) => {
    // A host that refuses a file says why.
    throw isDecantError(error) ? error : unreadable(source, error);
  });
  return parseServiceAccountKey(new TextDecoder().decode(bytes), source);
}
