/**
 * Google access tokens and identity tokens from a credential of any kind, over nothing but `fetch`
 * and WebCrypto.
 *
 * `serviceAccountProvider` takes the key of a service account, `credentialsProvider` the content of any
 * credential file, and `defaultProvider` finds one as Google's own libraries do
 * ([application default credentials](https://cloud.google.com/docs/authentication/application-default-credentials)).
 *
 * @module
 */

export {
  type CredentialsProviderOptions,
  credentialsProvider,
  type TokenOptions,
} from "./credentials-provider.ts";
export { type DefaultProviderOptions, defaultProvider } from "./default-provider.ts";
export type { ProviderEffects } from "./effects.ts";
export { expandScopes } from "./expand-scopes.ts";
export { parseServiceAccountKey, type ServiceAccountKey } from "./parse-service-account-key.ts";
export {
  type ServiceAccountProviderOptions,
  serviceAccountProvider,
} from "./service-account-provider.ts";
export { type SignAssertionOptions, signAssertion } from "./sign-assertion.ts";
