import { type AuthPlugin, sleep } from "@decant/core";
import { openProvider } from "./open-provider.ts";

/**
 * Opens the provider `oidc`. Its options are
 *
 * - `issuer`, or `token-endpoint` and `device-endpoint` of a server that tells nothing of itself
 * - `client-id`, and one of `client-secret`, `client-secret-file`, `key-file` (with `key-id`), or
 *   `certificate-file` with `key-file`
 * - `auth-method`: how the client proves who it is, where there is a choice
 * - `assertion-audience`: whom a client's own JWT is for: `issuer` or `token-endpoint`
 * - `grant`: `client-credentials`, `device-code`, `refresh-token` with `refresh-token` or
 *   `refresh-token-file`, or `token-exchange` with `subject-token` or `subject-token-file`, and
 *   `subject-token-type`
 * - `audience-parameter`: what an audience is sent as: `resource` or `audience`
 * - `parameter`: more parameters for the server, each `NAME=VALUE`
 *
 * @example
 * ```ts
 * import oidc from "@decant/auth-oidc";
 *
 * const provider = await oidc.open({
 *   options: {
 *     issuer: "https://id.example.com",
 *     "client-id": "nightly-export",
 *     "client-secret": "not so secret",
 *   },
 *   env: () => undefined,
 *   readFile: async () => new Uint8Array(),
 *   readStdin: async () => new Uint8Array(),
 *   now: Date.now,
 *   fetch,
 * });
 * console.log((await provider.explain?.())?.endpoints);
 * ```
 */
const oidc: AuthPlugin = {
  open: (context) => openProvider(context, { sleep, random: Math.random, timeoutMs: 10_000 }),
};

export default oidc;
