import { type AuthContext, DecantError, type OptionValue } from "@decant/core";
import { checkAddress } from "./check-address.ts";
import { missing, text } from "./option-text.ts";
import { readCredentialFiles } from "./read-credential-files.ts";
import type { GrantName, Settings } from "./settings.ts";

/** What is sent by this plugin alone. */
const ownParameters =
  /^(grant_type|client_(id|secret|assertion|assertion_type)|refresh_token|device_code|subject_token(_type)?|scope|token)$/;

const wellKnown = /\/\.well-known\/(openid-configuration|oauth-authorization-server)$/;

/**
 * Reads options and the files that they name.
 *
 * @throws {DecantError} of kind `usage` for what is missing or does not go together, else about a file.
 */
export async function readSettings(context: AuthContext): Promise<Settings> {
  const { options } = context;
  const option = (name: string) => text(options[name]);
  const issuer = readAddress(option("issuer")?.replace(wellKnown, ""), "--issuer", false);
  const tokenEndpoint = readAddress(option("token-endpoint"), "--token-endpoint");
  const deviceEndpoint = readAddress(option("device-endpoint"), "--device-endpoint");
  const server = issuer ?? tokenEndpoint?.replace(/\?.*/s, "");
  if (server === undefined) {
    throw missing("a server", "Name it with --issuer or DECANT_OIDC_ISSUER.");
  }
  const clientId = option("client-id");
  if (clientId === undefined) {
    throw missing("a client id", "Give it with --client-id or DECANT_OIDC_CLIENT_ID.");
  }
  return {
    ...{ issuer, tokenEndpoint, deviceEndpoint, server, clientId },
    ...(await readCredentialFiles(context)),
    assertionAudience:
      option("assertion-audience") === "token-endpoint" ? "token-endpoint" : "issuer",
    grant: (option("grant") ?? "client-credentials") as GrantName,
    audienceParameter: option("audience-parameter") === "audience" ? "audience" : "resource",
    parameters: readParameters(options["parameter"]),
  };
}

function readAddress(address: string | undefined, name: string, query = true) {
  return address === undefined ? undefined : checkAddress(address, { name, query });
}

function readParameters(value: OptionValue): Settings["parameters"] {
  return (Array.isArray(value) ? (value as readonly string[]) : []).map((item) => {
    const [, name = "", content = ""] = /^([^=]+)=(.*)$/s.exec(item) ?? [];
    if (name !== "" && !ownParameters.test(name)) return [name, content] as const;
    throw new DecantError(
      "OIDC_PARAMETER_INVALID",
      name === ""
        ? "Cannot send a parameter: it is not of the form NAME=VALUE"
        : `Cannot send the parameter "${name}": it is set by decant`,
      { kind: "usage", hint: "Give what the server needs besides, such as --parameter tenant=a." },
    );
  });
}
