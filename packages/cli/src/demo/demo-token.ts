import type { Token } from "@decant/core";
import { createAuthContext } from "../auth/create-auth-context.ts";
import { findProvider } from "../plugins/find-provided.ts";
import { loadProvider } from "../plugins/load-plugin.ts";
import type { Registry } from "../plugins/registry.ts";

/** Gets a token from the gcp provider, with a key and an endpoint that the simulator made. */
export async function demoToken(registry: Registry): Promise<Token> {
  const { startGoogle } = await import("@decant/simulator");
  await using google = await startGoogle();
  const provided = findProvider(registry, "gcp");
  const plugin = await loadProvider(provided);
  const key = new TextEncoder().encode(JSON.stringify(google.key));
  const provider = await plugin.open({
    ...createAuthContext({ specs: {}, given: {} }),
    options: { "key-file": "demo-key.json" },
    env: () => undefined,
    readFile: async () => key,
    fetch: globalThis.fetch,
  });
  return await provider.getToken({});
}
