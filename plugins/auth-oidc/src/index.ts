/**
 * The provider `oidc` for a host of token providers, such as the program `decant`: tokens of any OpenID
 * provider or OAuth 2.0 server.
 *
 * @module
 */

export { default } from "./plugin.ts";
