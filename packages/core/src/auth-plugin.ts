import type { OptionValue } from "./plugin-data.ts";
import type { TokenProvider } from "./token-provider.ts";

/** What a command did. */
export interface CommandResult {
  /** The exit code; `undefined` where a signal or the time limit ended it. */
  readonly code: number | undefined;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** How a command is run. */
export interface RunOptions {
  readonly args: readonly string[];
  /** Variables to set besides those of the host. */
  readonly env: Readonly<Record<string, string>>;
  /** How long it may take, in milliseconds, before it is ended. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** A client certificate, in PEM. */
export interface ClientCertificate {
  /** The certificate, and those above it. */
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string;
}

/** Secrets that outlive a run, such as the refresh token of a login, for one provider alone. */
export interface SecretStore {
  /**
   * Reads a secret.
   *
   * @param name Tells the secrets of the provider apart. It may show, and must not be secret itself.
   * @returns Nothing where there is none.
   * @throws {DecantError} where there is one that cannot be used.
   */
  get(name: string): Promise<string | undefined>;
  /**
   * Replaces a secret by what `change` makes of it, durably, while no other process does: a refresh
   * token may be good for one use only. Where `change` gives nothing, the secret is removed; where it
   * gives the same or rejects, it stays.
   *
   * @throws {DecantError} where it cannot be kept, or what `change` rejects with.
   */
  update(
    name: string,
    change: (secret: string | undefined) => Promise<string | undefined>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<void>;
}

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
  /**
   * Runs a command without a shell. Absent: the host runs none.
   *
   * @throws an error whose `code` is `ENOENT` where there is no such command.
   */
  run?(command: string, options: RunOptions): Promise<CommandResult>;
  /** Makes a `fetch` that shows a client certificate. Absent: the host cannot. */
  fetchWithCertificate?(certificate: ClientCertificate): typeof globalThis.fetch;
  /**
   * Shows a person a line of text at once, such as where to sign in with which code. Absent: nobody
   * would see it.
   */
  tell?(message: string): void;
  /** Keeps secrets from run to run. Absent: the host keeps none. */
  readonly secrets?: SecretStore;
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
