/**
 * The provider `gcp` for a host of token providers, such as the program `decant`.
 *
 * @module
 */

import type { AuthContext, AuthPlugin, OptionValue } from "@decant/core";
import { type DefaultProviderOptions, defaultProvider } from "./default-provider.ts";
import { parseLifetime } from "./parse-lifetime.ts";

/**
 * Opens the provider `gcp`: the credential that `defaultProvider` finds, by the options
 *
 * - `key-file`, `credentials`: the path of a file, or `-` for standard input
 * - `account`: one that gcloud has logged in
 * - `metadata`: the account of this machine
 * - `impersonate`: service accounts, each impersonated by the one before
 * - `lifetime`: how long their tokens live, such as `3600s` or `12h`
 * - `subject`: the user to act for
 * - `quota-project`, `universe-domain`
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
  open: (context) => defaultProvider({ ...readOptions(context), ...readEffects(context) }),
};

export default plugin;

function readEffects(context: AuthContext) {
  const { fetch, run, fetchWithCertificate } = context;
  return {
    fetch,
    now: () => context.now(),
    env: (name: string) => context.env(name),
    readFile: (path: string) => context.readFile(path),
    readStdin: () => context.readStdin(),
    ...(run && { run: run.bind(context) }),
    ...(fetchWithCertificate && { fetchWithCertificate: fetchWithCertificate.bind(context) }),
  };
}

function readOptions(context: AuthContext): DefaultProviderOptions {
  const { options } = context;
  const { impersonate, metadata } = options;
  const credentials = text(options["credentials"]);
  const lifetime = text(options["lifetime"]);
  const texts = {
    keyFile: text(options["key-file"]),
    // A host fills it in from the variable, which must not stand against another option.
    credentials:
      credentials === context.env("GOOGLE_APPLICATION_CREDENTIALS") ? undefined : credentials,
    account: text(options["account"]),
    subject: text(options["subject"]),
    quotaProject: text(options["quota-project"]),
    universe: text(options["universe-domain"]),
  };
  return {
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)),
    ...(Array.isArray(impersonate) && { impersonate }),
    ...(lifetime !== undefined && { lifetimeSeconds: parseLifetime(lifetime) }),
    ...(metadata === true && { metadata }),
  };
}

function text(value: OptionValue): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
