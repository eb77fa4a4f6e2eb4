import { apiErrors, projectDenied, refuseCall } from "./google-api-error.ts";
import type { JsonObject } from "./google-options.ts";
import { invalidRequest, refuseGrant } from "./google-refusal.ts";
import type { IssuedToken } from "./google-simulator.ts";
import { type GoogleWorld, project } from "./google-world.ts";
import type { Incoming, Reply } from "./loopback-server.ts";

/** One request, with what the path held. */
export interface GoogleCall {
  readonly request: Incoming;
  readonly world: GoogleWorld;
  /** The groups of the route's pattern, decoded. */
  readonly params: readonly string[];
}

/** An answer, and what was found true on the way to it. */
export interface GoogleReply extends Reply {
  readonly verified?: JsonObject;
}

/** Answers the requests of one route. */
export type GoogleHandler = (call: GoogleCall) => GoogleReply | Promise<GoogleReply>;

/** Reads a form (RFC 6749, appendix B), in which each name may stand once. */
export async function readForm(request: Incoming): Promise<URLSearchParams> {
  const type = request.header("content-type") ?? "";
  if (!type.startsWith("application/x-www-form-urlencoded")) {
    throw refuseGrant(invalidRequest("Invalid content-type; expected a form."));
  }
  const form = new URLSearchParams(await request.text());
  const names = [...form.keys()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) {
    throw refuseGrant(invalidRequest(`Parameter not allowed to repeat: ${twice}`));
  }
  return form;
}

/** Reads an object in JSON. */
export async function readJson(request: Incoming): Promise<JsonObject> {
  try {
    const value: unknown = JSON.parse((await request.text()) || "{}");
    if (typeof value === "object" && value !== null) return value as JsonObject;
  } catch {}
  throw refuseCall({
    ...{ code: 400, status: "INVALID_ARGUMENT" },
    message: "Invalid JSON payload received. Unexpected token.",
  });
}

/** Client id and secret of HTTP Basic, which OAuth clients may use instead of the form. */
export function basicAuth(request: Incoming): { id: string; secret: string } | undefined {
  const coded = /^Basic ([\w+/=]+)$/i.exec(request.header("authorization") ?? "")?.[1];
  if (coded === undefined) return undefined;
  try {
    const [id = "", secret = ""] = atob(coded).split(":").map(decodeURIComponent);
    return { id, secret };
  } catch {
    return undefined;
  }
}

/** Finds the access token that a call to an API came with; it must be good. */
export function requireToken({ request, world }: GoogleCall): IssuedToken {
  const header = request.header("authorization");
  if (!header) throw refuseCall(apiErrors.noCredentials);
  const token = findToken(world, /^Bearer (\S+)$/i.exec(header)?.[1]);
  if (!token) throw refuseCall(apiErrors.badCredentials);
  const quotaProject = request.header("x-goog-user-project");
  if (quotaProject && quotaProject !== project.id && quotaProject !== project.number) {
    throw refuseCall(projectDenied(quotaProject));
  }
  return token;
}

/** An access token that was issued, not revoked, and has not expired. */
export function findToken(world: GoogleWorld, text: string | undefined): IssuedToken | undefined {
  const token = world.issued.find((one) => one.kind === "access" && one.token === text);
  const good = token && !world.revoked.has(token.token) && token.expiresAt > world.now();
  return good ? token : undefined;
}

/** An answer of the OAuth endpoints. */
export function tokenReply(body: JsonObject, verified: JsonObject): GoogleReply {
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=UTF-8", "cache-control": "private" },
    body: JSON.stringify(body),
    verified,
  };
}
