import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { AuthContext, OptionSpec, OptionValue } from "@decant/core";
import { readEnv } from "../config/read-env.ts";
import { resolveOptions } from "../plugins/resolve-options.ts";

/** A provider's options as its data describes them, and as flags gave them. */
export interface ContextOptions {
  readonly specs: Readonly<Record<string, OptionSpec>>;
  readonly given: Readonly<Record<string, OptionValue>>;
}

/**
 * Makes what a provider may touch of the outside, but for `fetch`.
 *
 * @throws {DecantError} `OPTION_INVALID`.
 */
export function createAuthContext({ specs, given }: ContextOptions): Omit<AuthContext, "fetch"> {
  return {
    options: resolveOptions(specs, { given, env: readEnv, label: (name) => `--${name}` }),
    env: readEnv,
    readFile: (path) => readFile(path),
    readStdin: () => buffer(process.stdin),
    now: Date.now,
  };
}
