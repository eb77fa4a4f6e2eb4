/** The value of an option. */
export type OptionValue = string | number | boolean | readonly string[] | undefined;

/** One option of a sink or an auth provider, as plain data: hosts make flags and help of it. */
export interface OptionSpec {
  /** `strings` may be given several times. */
  readonly type: "string" | "strings" | "integer" | "boolean";
  /** One line of help. */
  readonly summary: string;
  /** The only values allowed. */
  readonly choices?: readonly string[];
  readonly default?: string | number | boolean;
  /** The least integer allowed. */
  readonly min?: number;
  /** The greatest integer allowed. */
  readonly max?: number;
  /** An environment variable that stands in for the option. */
  readonly env?: string;
  /** A single letter for the short form. */
  readonly char?: string;
  /** Never stored, and never taken from the command line: only from {@linkcode OptionSpec.env}. */
  readonly secret?: boolean;
}

/** A sink as a plugin's package.json declares it. */
export interface SinkEntry {
  /** The module with the sink, relative to the package. */
  readonly module: string;
  /** One line of help. */
  readonly summary: string;
  /** The same as in its `SinkPlugin`. */
  readonly resume: "rewind" | "keyed" | "none";
  /** The same as in its `SinkPlugin`. */
  readonly streams: "one" | "many";
  /** Names the default output: `events` + `.ndjson`. Absent: the default is `-`. */
  readonly extension?: string;
  /** What the destination names where it is no file, as listings show it: `s3://BUCKET/NAME`. */
  readonly output?: string;
  readonly options?: Readonly<Record<string, OptionSpec>>;
}

/** Where the tokens of a provider serve as passwords, so that a host makes a credential helper of it. */
export interface HelperEntry {
  /** The user name that goes with a token, where no better one is known. */
  readonly username: string;
  /** Hosts that take it, such as `gcr.io`, or `*.gcr.io` for all below. No other one gets a token. */
  readonly hosts: readonly string[];
}

/** An auth provider as a plugin's package.json declares it. */
export interface AuthEntry {
  /** The module with the provider, relative to the package. */
  readonly module: string;
  /** One line of help. */
  readonly summary: string;
  readonly options?: Readonly<Record<string, OptionSpec>>;
  /** For registries of containers, and for servers of Git. */
  readonly helpers?: { readonly docker?: HelperEntry; readonly git?: HelperEntry };
}

/**
 * The `decant` key of a plugin's package.json.
 *
 * @example
 * ```ts
 * import type { PluginData } from "@decant/core";
 *
 * const data: PluginData = {
 *   contract: 1,
 *   sinks: {
 *     counter: {
 *       module: "./dist/index.js",
 *       summary: "Count the rows",
 *       resume: "none",
 *       streams: "many",
 *     },
 *   },
 * };
 * ```
 */
export interface PluginData {
  /** The version of these contracts that the plugin was written for. */
  readonly contract: 1;
  readonly sinks?: Readonly<Record<string, SinkEntry>>;
  readonly auth?: Readonly<Record<string, AuthEntry>>;
}
