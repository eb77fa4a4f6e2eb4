import * as oauth from "oauth4webapi";
import { cleanText } from "./clean-text.ts";
import { oidcError } from "./oidc-error.ts";
import { retry } from "./retry.ts";
import { type Answer, send } from "./send.ts";
import type { Session } from "./session.ts";

/** A server, as it describes itself. */
export interface Server {
  readonly metadata: oauth.AuthorizationServer;
  /** Whether it is an OpenID provider, so that it makes ID tokens. */
  readonly openId: boolean;
}

const hint = "Check the address of the issuer: it is what the server calls itself.";

/**
 * Learns the endpoints of the server: by OpenID Connect Discovery, else by RFC 8414. What the
 * options name comes before what the server says. Without an issuer nothing is asked.
 *
 * @throws {DecantError} `OIDC_DISCOVERY_FAILED`, `OIDC_ISSUER_MISMATCH`, or as `send()` does.
 */
export async function discover(session: Session, signal: AbortSignal): Promise<Server> {
  const { issuer, tokenEndpoint, deviceEndpoint, server } = session.settings;
  const named = {
    ...(tokenEndpoint !== undefined && { token_endpoint: tokenEndpoint }),
    ...(deviceEndpoint !== undefined && { device_authorization_endpoint: deviceEndpoint }),
  };
  if (issuer === undefined) return { metadata: { issuer: server, ...named }, openId: false };
  const statuses: string[] = [];
  for (const algorithm of ["oidc", "oauth2"] as const) {
    const answer = await ask(session, { algorithm, issuer, signal });
    if (answer.data && !answer.refusal) {
      const found = checkIssuer(issuer, answer.data["issuer"]);
      return {
        metadata: { ...soundMetadata(answer.data), issuer: found, ...named },
        openId: algorithm === "oidc",
      };
    }
    statuses.push(answer.refusal ? `${answer.refusal.status}` : "no JSON");
  }
  throw oidcError(issuer, {
    code: "OIDC_DISCOVERY_FAILED",
    state: `it does not describe itself (${statuses.join(", ")})`,
    hint: `${hint} For a server without discovery give --token-endpoint alone.`,
  });
}

interface Discovery {
  readonly algorithm: "oidc" | "oauth2";
  readonly issuer: string;
  readonly signal: AbortSignal;
}

function ask(session: Session, { algorithm, issuer, signal }: Discovery): Promise<Answer> {
  const once = () =>
    send(
      (customFetch) =>
        oauth.discoveryRequest(new URL(issuer), {
          ...{ algorithm, [oauth.customFetch]: customFetch, [oauth.allowInsecureRequests]: true },
        }),
      session,
      { signal },
    );
  return retry(once, { ...session, signal });
}

/** What a server says of itself, as far as it is of the form that RFC 8414, section 2, gives it. */
function soundMetadata(data: Readonly<Record<string, unknown>>): Record<string, oauth.JsonValue> {
  const sound = Object.entries(data).filter(([name, value]) => {
    if (name.endsWith("_supported") && !/^(request|claims)_.*parameter/.test(name)) {
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    }
    if (name.endsWith("_aliases")) return typeof value === "object" && value !== null;
    return true;
  });
  return Object.fromEntries(sound) as Record<string, oauth.JsonValue>;
}

function checkIssuer(issuer: string, found: unknown): string {
  if (typeof found === "string" && URL.parse(found)?.href === new URL(issuer).href) return found;
  const shown = typeof found === "string" ? `"${cleanText(found)}"` : "nothing";
  throw oidcError(issuer, {
    code: "OIDC_ISSUER_MISMATCH",
    state: `the server calls itself ${shown}`,
    hint: "Give just that as the issuer if you trust it. Else somebody stands in for the server.",
  });
}
