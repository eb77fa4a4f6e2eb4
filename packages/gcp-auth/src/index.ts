/**
 * Google access tokens from a service account key, over nothing but `fetch` and WebCrypto.
 *
 * The key signs a short JWT, which the token endpoint named in the key exchanges for an access
 * token of one hour ([RFC 7523](https://www.rfc-editor.org/rfc/rfc7523), and
 * [Google's description](https://developers.google.com/identity/protocols/oauth2/service-account)).
 *
 * @module
 */

export { expandScopes } from "./expand-scopes.ts";
export { parseServiceAccountKey, type ServiceAccountKey } from "./parse-service-account-key.ts";
export {
  type ServiceAccountProviderOptions,
  serviceAccountProvider,
} from "./service-account-provider.ts";
export { type SignAssertionOptions, signAssertion } from "./sign-assertion.ts";
