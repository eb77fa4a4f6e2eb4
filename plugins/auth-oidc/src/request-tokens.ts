import * as oauth from "oauth4webapi";
import { clientAuth, clientOf } from "./client-auth.ts";
import { oidcError } from "./oidc-error.ts";
import { retry } from "./retry.ts";
import { type Answer, send } from "./send.ts";
import type { Server } from "./server.ts";
import type { Session } from "./session.ts";

/** What the token endpoint is asked for. */
export interface TokenQuestion {
  readonly server: Server;
  readonly grantType: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly signal: AbortSignal;
  /** Whether to ask again by itself where the server is busy or cannot be reached. @default {true} */
  readonly patient?: boolean;
}

/** What a server is asked at one of its endpoints, with the client's proof. */
type Ask = (
  proof: oauth.ClientAuth,
  client: oauth.Client,
  options: oauth.HttpRequestOptions<"POST", URLSearchParams>,
) => Promise<Response>;

/** Asks the token endpoint. A refusal is left to the caller. */
export function requestTokens(session: Session, question: TokenQuestion): Promise<Answer> {
  const { server, grantType, parameters } = question;
  const all = new URLSearchParams(
    [...session.settings.parameters, ...parameters].map((p) => [...p]),
  );
  return requestOf(session, {
    ...question,
    endpoint: "token_endpoint",
    ask: (proof, client, options) =>
      oauth.genericTokenEndpointRequest(server.metadata, client, proof, grantType, all, options),
  });
}

/** A request to one of the server's endpoints. */
export interface EndpointQuestion extends Pick<TokenQuestion, "server" | "signal" | "patient"> {
  readonly endpoint: "token_endpoint" | "device_authorization_endpoint" | "revocation_endpoint";
  readonly action?: string;
  readonly ask: Ask;
}

/**
 * Asks one of the server's endpoints, with a new proof of the client each time.
 *
 * @throws {DecantError} `OIDC_ENDPOINT_MISSING`, or as `send()` does.
 */
export async function requestOf(session: Session, question: EndpointQuestion): Promise<Answer> {
  const { server, endpoint, ask, signal, action, patient = true } = question;
  const { metadata } = server;
  if (typeof metadata[endpoint] !== "string" || !URL.canParse(metadata[endpoint])) {
    throw endpointMissing(session, question);
  }
  const proof = await clientAuth(session, metadata);
  const once = () =>
    send(
      (customFetch) =>
        ask(proof, clientOf(session), {
          [oauth.customFetch]: customFetch,
          [oauth.allowInsecureRequests]: true,
        }),
      session,
      { signal, ...(action !== undefined && { action }) },
    );
  return await (patient ? retry(once, { ...session, signal }) : once());
}

function endpointMissing({ settings }: Session, { endpoint, action }: EndpointQuestion): Error {
  const hints = {
    token_endpoint: "Give it with --token-endpoint.",
    device_authorization_endpoint: "Choose another --grant, or give it with --device-endpoint.",
    revocation_endpoint: "End the sign-in at the server itself.",
  };
  return oidcError(settings.server, {
    ...(action !== undefined && { action }),
    ...{ code: "OIDC_ENDPOINT_MISSING", hint: hints[endpoint] },
    state: `it has no ${endpoint.replaceAll("_", " ")}`,
  });
}
