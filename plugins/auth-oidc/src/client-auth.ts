import * as oauth from "oauth4webapi";
import { oidcError } from "./oidc-error.ts";
import type { SigningKey } from "./read-signing-key.ts";
import type { Session } from "./session.ts";
import type { AuthMethod, Settings } from "./settings.ts";

type Metadata = oauth.AuthorizationServer;

/** How the client proves who it is, to this server. */
function chooseAuthMethod({ authMethod }: Settings, metadata: Metadata): AuthMethod {
  if (authMethod !== undefined) return authMethod;
  // Without a word of the server it is basic (OpenID Connect Discovery 1.0, section 3).
  const known = metadata.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  const onlyPost = known.includes("client_secret_post") && !known.includes("client_secret_basic");
  return onlyPost ? "client_secret_post" : "client_secret_basic";
}

/**
 * Makes what proves to the server who the client is.
 *
 * @throws {DecantError} `OIDC_KEY_UNFIT` where the server takes no signature of this key.
 */
export async function clientAuth(
  { settings }: Session,
  metadata: Metadata,
): Promise<oauth.ClientAuth> {
  const { secret, key } = settings;
  switch (chooseAuthMethod(settings, metadata)) {
    case "client_secret_basic":
      return oauth.ClientSecretBasic(secret!);
    case "client_secret_post":
      return oauth.ClientSecretPost(secret!);
    case "private_key_jwt":
      return await signedBy(key!, { settings, metadata });
    case "tls_client_auth":
      return oauth.TlsClientAuth();
    case "none":
      return oauth.None();
  }
}

interface Signing {
  readonly settings: Settings;
  readonly metadata: Metadata;
}

async function signedBy(
  key: SigningKey,
  { settings, metadata }: Signing,
): Promise<oauth.ClientAuth> {
  const taken = metadata.token_endpoint_auth_signing_alg_values_supported ?? key.algorithms;
  // One algorithm has two names (RFC 9864).
  const names = key.algorithms.flatMap((name) => (name === "EdDSA" ? ["EdDSA", "Ed25519"] : name));
  const alg = names.find((name) => taken.includes(name));
  if (alg === undefined) {
    throw oidcError(settings.server, {
      code: "OIDC_KEY_UNFIT",
      state: `it takes no signature of the key, which is fit for ${names.join(", ")}`,
      hint: `Use a key for one of ${taken.join(", ")}.`,
    });
  }
  const { assertionAudience } = settings;
  const audience =
    assertionAudience === "token-endpoint" ? metadata.token_endpoint : metadata.issuer;
  return oauth.PrivateKeyJwt(
    { key: await key.load(alg), ...(key.kid !== undefined && { kid: key.kid }) },
    {
      [oauth.modifyAssertion](header, payload) {
        header["alg"] = alg;
        if (audience !== undefined) payload["aud"] = audience;
      },
    },
  );
}

/** The client, with the difference between our clock and that of the machine. */
export function clientOf({ settings, now }: Session): oauth.Client {
  return {
    client_id: settings.clientId,
    use_mtls_endpoint_aliases: settings.authMethod === "tls_client_auth",
    [oauth.clockSkew]: Math.round((now() - Date.now()) / 1000),
  };
}
