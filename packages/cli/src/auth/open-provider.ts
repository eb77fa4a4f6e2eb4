import type { AuthEntry, OptionValue, TokenProvider } from "@decant/core";
import { createFetch } from "../http/create-fetch.ts";
import { loadProvider } from "../plugins/load-plugin.ts";
import type { Provided } from "../plugins/registry.ts";
import { createAuthContext } from "./create-auth-context.ts";

/**
 * Opens a provider with what its flags and its variables say.
 *
 * @throws {DecantError} `PLUGIN_LOAD`, `OPTION_INVALID`, or what the provider refuses.
 */
export async function openProvider(
  provided: Provided<AuthEntry>,
  given: Readonly<Record<string, OptionValue>>,
): Promise<TokenProvider> {
  const plugin = await loadProvider(provided);
  const context = createAuthContext({ specs: provided.entry.options ?? {}, given });
  return await plugin.open({ ...context, fetch: await createFetch(context.env) });
}
