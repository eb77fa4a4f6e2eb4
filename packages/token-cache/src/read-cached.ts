/**
 * Reads a token that another process has kept, and nothing else: this module loads in no time, for
 * programs that want to print a token before the rest of them is loaded.
 *
 * @module
 */

import type { Token } from "@decant/core";
import { type CachedRequest, entryName } from "./entry-name.ts";
import { livesLongEnough } from "./lives-long-enough.ts";
import { readEntry } from "./read-entry.ts";

export type { CachedRequest };

/** Where {@linkcode readCached} looks, and what is good enough. */
export interface ReadCachedOptions {
  /** The folder that `cachedProvider()` was given. */
  readonly folder: string;
  /** How long the token must still live, in milliseconds. @default {225000} */
  readonly minTtlMs?: number;
  /**
   * The user's number, as of `process.getuid()`: what others own is not read. Absent, as on Windows:
   * owners are not looked at, only modes.
   */
  readonly uid?: number;
  /** The time in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
}

/**
 * Gets the token that is kept for a credential and a request. It waits for nothing, asks nobody and
 * changes nothing.
 *
 * @param identity The `identity` of the provider.
 * @param request Which token of it.
 * @param options Where it is kept.
 * @returns The token, or nothing where none is kept, or none that lives long enough.
 *
 * @example
 * ```ts
 * import { readCached } from "@decant/token-cache/read-cached";
 *
 * const identity = '["service_account","me@project.iam.gserviceaccount.com"]';
 * const token = readCached(identity, { scopes: ["openid"] }, { folder: "/home/me/.cache/tokens" });
 * console.log(token ? token.value : "none is kept");
 * ```
 */
export function readCached(
  identity: string,
  request: CachedRequest,
  options: ReadCachedOptions,
): Token | undefined {
  const { folder, uid, minTtlMs, now = Date.now } = options;
  const entry = readEntry(entryName(identity, request), { folder, uid, now });
  return entry && livesLongEnough(entry, minTtlMs, now()) ? entry.token : undefined;
}
