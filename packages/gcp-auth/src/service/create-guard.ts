import { isLoopback } from "@decant/core";
import type { Answer } from "./answer.ts";
import { createRateLimiter } from "./create-rate-limiter.ts";
import type { RateLimit, RequestInfo, TokenServiceRequest } from "./options.ts";
import { refuse } from "./refuse.ts";
import { sameSecret } from "./same-secret.ts";

/** What {@linkcode createGuard} lets through. */
export interface GuardOptions {
  readonly hosts: readonly string[];
  readonly secret?: string | undefined;
  readonly rateLimit?: RateLimit | undefined;
  now(): number;
}

/** Refuses a request, or lets it through. */
export type Guard = (
  request: TokenServiceRequest,
  info: RequestInfo & { path: string },
) => Answer | undefined | Promise<Answer | undefined>;

/** The names of Google's metadata server, which containers may lead here. */
const metadataHosts = ["metadata.google.internal", "169.254.169.254"];

/** Paths that give nothing away, for probes and web browsers that send no header. */
const open = new Set(["/", "/healthz", "/metrics"]);

/**
 * Makes the check that each request passes first: the method, the host that it names, no trace of a
 * web page or a proxy, the shared secret, the rate of its client, and the flavor header.
 */
export function createGuard({ hosts, secret, rateLimit, now }: GuardOptions): Guard {
  const known = new Set([...metadataHosts, ...hosts.map((host) => host.toLowerCase())]);
  const limiter = rateLimit && createRateLimiter(rateLimit, now);
  return (request, { path, client = "" }) => {
    const wait = limiter?.(client) ?? 0;
    if (wait > 0) return tooMany(wait);
    const { method, headers } = request;
    const refusal = checkMethod(method) ?? checkHost(request, known) ?? checkSource(headers);
    if (refusal) return refusal;
    const last = () => (open.has(path) ? undefined : checkFlavor(headers));
    if (secret === undefined || path === "/healthz") return last();
    return checkSecret(headers, secret).then((unknown) => unknown ?? last());
  };
}

function tooMany(wait: number): Answer {
  return refuse(429, {
    code: "rate_limited",
    message: "Too many requests of this client. Wait as long as Retry-After says.",
    headers: { "retry-after": String(Math.ceil(wait / 1_000)) },
  });
}

function checkMethod(method: string): Answer | undefined {
  if (method === "GET" || method === "HEAD") return undefined;
  return refuse(405, {
    code: "method_not_allowed",
    message: "Everything here is only read. Use GET.",
    headers: { allow: "GET, HEAD" },
  });
}

// A page of the web whose own name was made to lead here names itself (DNS rebinding).
function checkHost(request: TokenServiceRequest, known: ReadonlySet<string>): Answer | undefined {
  const host = request.headers.get("host") ?? new URL(request.url).host;
  const name = host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
  if (isLoopback(name) || known.has(name)) return undefined;
  return refuse(421, {
    code: "unknown_host",
    message:
      "This host name is not one of the service. Let the service know of it, or use another.",
  });
}

function checkSource(headers: TokenServiceRequest["headers"]): Answer | undefined {
  if (headers.get("origin") !== null) {
    return refuse(403, { code: "origin_refused", message: "Web pages get nothing here." });
  }
  if (headers.get("x-forwarded-for") !== null) {
    return refuse(403, {
      code: "forwarded_refused",
      message: "Requests must not come through a proxy. Ask the service itself.",
    });
  }
  return undefined;
}

async function checkSecret(
  headers: TokenServiceRequest["headers"],
  secret: string,
): Promise<Answer | undefined> {
  const [, sent = ""] = /^bearer +(.*)$/i.exec(headers.get("authorization") ?? "") ?? [];
  if (await sameSecret(sent, secret)) return undefined;
  return refuse(401, {
    code: "secret_required",
    message: "Send the shared secret of the service as Authorization: Bearer.",
    headers: { "www-authenticate": "Bearer" },
  });
}

// As Google's server does: 403 without the header, 404 for another value.
function checkFlavor(headers: TokenServiceRequest["headers"]): Answer | undefined {
  const flavor = headers.get("metadata-flavor");
  if (flavor === "Google") return undefined;
  return refuse(flavor === null ? 403 : 404, {
    code: "flavor_required",
    message: "Send the header Metadata-Flavor: Google.",
  });
}
