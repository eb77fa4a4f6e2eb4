import { type AuthContext, shareFlight, type TokenProvider } from "@decant/core";
import { createProvider } from "./create-provider.ts";
import { clientCredentials, tokenExchange } from "./direct-grant.ts";
import type { Grant, GrantParts } from "./grant.ts";
import { loginGrant } from "./login-grant.ts";
import { oidcError } from "./oidc-error.ts";
import { patientSecrets } from "./patient-secrets.ts";
import { readSettings } from "./read-settings.ts";
import { discover, type Server } from "./server.ts";
import { type Clockwork, createSession, type Session } from "./session.ts";

/**
 * Opens the provider, with the clockwork that it goes by.
 *
 * @throws {DecantError} about options, files, or a sign-in that is kept and cannot be used.
 */
export async function openProvider(
  context: AuthContext,
  clockwork: Clockwork,
): Promise<TokenProvider> {
  const settings = await readSettings(context);
  if (settings.certificate && !context.fetchWithCertificate) {
    throw oidcError(settings.server, {
      ...{ code: "OIDC_HOST_UNABLE", state: "there is no way to show a certificate" },
      hint: "Use the program decant, or another --auth-method.",
    });
  }
  const session = createSession(settings, { context, clockwork });
  const grant = await openGrant({ session, server: rememberServer(session) }, context);
  return createProvider(session, grant);
}

/** The server describes itself once, to all who wait for it. */
function rememberServer(session: Session): GrantParts["server"] {
  const share = shareFlight<Server>();
  let known: Server | undefined;
  return async (signal) => {
    known ??= await share("server", { signal, run: (stop) => discover(session, stop) });
    return known;
  };
}

async function openGrant(parts: GrantParts, context: AuthContext): Promise<Grant> {
  const { settings, tell } = parts.session;
  const { server, tokenEndpoint, clientId, refreshToken } = settings;
  if (settings.grant === "client-credentials") return clientCredentials(parts);
  const { subjectToken } = settings;
  if (subjectToken) {
    return tokenExchange(parts, [subjectToken.type, await hash(await subjectToken.read())]);
  }
  const id = refreshToken === undefined ? undefined : await hash(refreshToken);
  return await loginGrant({
    ...parts,
    secrets: patientSecrets({ store: context.secrets, tell }),
    name: JSON.stringify([settings.grant, server, tokenEndpoint, clientId, id]),
    initial:
      id === undefined || refreshToken === undefined
        ? undefined
        : { id, refreshToken, scopes: [], audiences: [] },
  });
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
