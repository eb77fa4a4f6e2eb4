import type { AuthEntry, OptionValue, TokenProvider } from "@decant/core";
import { tokenFolder } from "../config/token-folder.ts";
import { createFetch } from "../http/create-fetch.ts";
import { loadProvider } from "../plugins/load-plugin.ts";
import type { Provided } from "../plugins/registry.ts";
import type { CallRecorder } from "../recall/record-call.ts";
import { createAuthContext } from "./create-auth-context.ts";

/** How a provider is opened. */
export interface OpenProviderOptions {
  /** Its own options, as flags gave them. */
  readonly given: Readonly<Record<string, OptionValue>>;
  /** Whether tokens are shared with other runs, in files. */
  readonly cache: boolean;
  /** Takes note of what the provider goes by, where tokens are shared. */
  readonly recorder?: CallRecorder | undefined;
}

/**
 * Opens a provider with what its flags and its variables say.
 *
 * @throws {DecantError} `PLUGIN_LOAD`, `OPTION_INVALID`, or what the provider refuses.
 */
export async function openProvider(
  provided: Provided<AuthEntry>,
  { given, cache, recorder }: OpenProviderOptions,
): Promise<TokenProvider> {
  const plugin = await loadProvider(provided);
  const { name, entry } = provided;
  const effects = createAuthContext({ specs: entry.options ?? {}, given, provider: name });
  const context = { ...effects, fetch: await createFetch(effects.env) };
  if (!cache) return await plugin.open(context);
  const provider = await plugin.open(recorder?.opening(context) ?? context);
  const { cachedProvider } = await import("@decant/token-cache");
  const cached = cachedProvider(provider, {
    folder: tokenFolder(name),
    ...(process.getuid && { uid: process.getuid() }),
    onWarning: (message) => process.emitWarning(message),
  });
  return recorder?.opened(cached) ?? cached;
}
