import type { Explanation } from "@decant/core";
import type { Grant } from "./grant.ts";
import type { Session } from "./session.ts";

/** Tells what is known without asking the server. */
export function explain({ settings, tell }: Session, grant: Grant): Explanation {
  const { issuer, tokenEndpoint, deviceEndpoint, server, authMethod } = settings;
  const { principal, scopes } = grant;
  const signsIn = settings.grant === "device-code" && grant.identity === undefined;
  return {
    kind: settings.grant,
    source: server,
    reason: issuer === undefined ? "--token-endpoint names it" : "it is the issuer that was named",
    considered: [],
    ...(principal !== undefined && { principal }),
    ...(scopes.length > 0 && { scopes }),
    endpoints: [
      ...(issuer === undefined ? [] : [discoveryAddress(issuer)]),
      ...[deviceEndpoint, tokenEndpoint]
        .filter((address) => address !== undefined)
        .map((address) => address.replace(/\?.*/s, "")),
    ],
    warnings: [
      ...(signsIn ? ["Nobody has signed in: a person will be asked to."] : []),
      ...(signsIn && !tell ? ["There is no way to show the code to a person."] : []),
      ...(authMethod === "none" ? ["The client proves nothing of itself: it is public."] : []),
      ...(server.startsWith("http:") ? ["The server is asked by http, on this machine."] : []),
    ],
  };
}

function discoveryAddress(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}
