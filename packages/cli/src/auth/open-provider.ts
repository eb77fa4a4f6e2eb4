import { join } from "node:path";
import type { AuthEntry, OptionValue, TokenProvider } from "@decant/core";
import { cacheFolder } from "../config/cache-folder.ts";
import { createFetch } from "../http/create-fetch.ts";
import { loadProvider } from "../plugins/load-plugin.ts";
import type { Provided } from "../plugins/registry.ts";
import { createAuthContext } from "./create-auth-context.ts";

/** How a provider is opened. */
export interface OpenProviderOptions {
  /** Its own options, as flags gave them. */
  readonly given: Readonly<Record<string, OptionValue>>;
  /** Whether tokens are shared with other runs, in files. */
  readonly cache: boolean;
}

/**
 * Opens a provider with what its flags and its variables say.
 *
 * @throws {DecantError} `PLUGIN_LOAD`, `OPTION_INVALID`, or what the provider refuses.
 */
export async function openProvider(
  provided: Provided<AuthEntry>,
  { given, cache }: OpenProviderOptions,
): Promise<TokenProvider> {
  const plugin = await loadProvider(provided);
  const { name, entry } = provided;
  const context = createAuthContext({ specs: entry.options ?? {}, given, provider: name });
  const provider = await plugin.open({ ...context, fetch: await createFetch(context.env) });
  if (!cache) return provider;
  const { cachedProvider } = await import("@decant/token-cache");
  return cachedProvider(provider, {
    // Equal texts of two providers need not mean the same.
    folder: join(cacheFolder(context.env), "tokens", provided.name),
    ...(process.getuid && { uid: process.getuid() }),
    onWarning: (message) => process.emitWarning(message),
  });
}
