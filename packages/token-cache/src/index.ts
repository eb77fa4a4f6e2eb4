/**
 * Keeps the tokens of any token provider in files, so that processes share them: one asks, the others
 * wait for what it gets. `@decant/token-cache/read-cached` reads a kept token without loading the rest.
 * A {@linkcode secretStore} keeps what cannot be had again, such as a login.
 *
 * @module
 */

export { type CachedProviderOptions, cachedProvider } from "./cached-provider.ts";
export { type SecretStoreOptions, secretStore } from "./secret-store.ts";
