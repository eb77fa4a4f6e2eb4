import type { AuthContext, OptionSpec, OptionValue } from "@decant/core";
import { readEnv } from "../config/read-env.ts";
import { fetchWithCertificate } from "../http/fetch-with-certificate.ts";
import { resolveOptions } from "../plugins/resolve-options.ts";
import { readSmallFile } from "./read-small-file.ts";
import { readStdin } from "./read-stdin.ts";
import { runCommand } from "./run-command.ts";
import { secretsOf } from "./secrets-of.ts";
import { tellPerson } from "./tell-person.ts";

/** A provider's options as its data describes them, and as flags gave them. */
export interface ContextOptions {
  readonly specs: Readonly<Record<string, OptionSpec>>;
  readonly given: Readonly<Record<string, OptionValue>>;
  /** The name of the provider. Absent: it keeps no secrets. */
  readonly provider?: string;
}

/**
 * Makes what a provider may touch of the outside, but for `fetch`.
 *
 * @throws {DecantError} `OPTION_INVALID`.
 */
export function createAuthContext(options: ContextOptions): Omit<AuthContext, "fetch"> {
  const { specs, given, provider } = options;
  return {
    options: resolveOptions(specs, { given, env: readEnv, label: (name) => `--${name}` }),
    env: readEnv,
    readFile: readSmallFile,
    readStdin,
    now: Date.now,
    run: runCommand,
    fetchWithCertificate,
    tell: tellPerson,
    ...(provider !== undefined && { secrets: secretsOf(provider) }),
  };
}
