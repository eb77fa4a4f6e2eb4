import type { OptionValue } from "./plugin-data.ts";
import type { TokenProvider } from "./token-provider.ts";

/** All that an auth provider may touch of the outside, given by the host. */
export interface AuthContext {
  /** The provider's own options by name, checked against its data, defaults filled in. */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** Reads an environment variable. */
  env(name: string): string | undefined;
  /**
   * Reads a whole file.
   *
   * @throws an error whose `code` is `ENOENT` where there is none.
   */
  readFile(path: string): Promise<Uint8Array>;
  /** Reads standard input to its end. */
  readStdin(): Promise<Uint8Array>;
  /** The present, in milliseconds since 1970. */
  now(): number;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * What an auth provider's module exports as default.
 *
 * @example
 * ```ts
 * import { type AuthPlugin, DecantError } from "@decant/core";
 *
 * const fromEnvironment: AuthPlugin = {
 *   async open({ env }) {
 *     return {
 *       name: "environment",
 *       async getToken() {
 *         const value = env("MY_TOKEN");
 *         if (!value) {
 *           throw new DecantError("TOKEN_MISSING", 'Cannot read "MY_TOKEN": it is not set', {
 *             kind: "credentials",
 *           });
 *         }
 *         return { value, type: "Bearer" };
 *       },
 *     };
 *   },
 * };
 *
 * export default fromEnvironment;
 * ```
 */
export interface AuthPlugin {
  open(context: AuthContext): Promise<TokenProvider>;
}
