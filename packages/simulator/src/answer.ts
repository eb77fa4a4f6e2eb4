import type { TokenTable } from "./access.ts";
import type { Call, Settings } from "./call.ts";
import type { FaultPlan } from "./faults.ts";
import type { Incoming, Reply } from "./loopback-server.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import { detail, html, isRefusal, json, loginPage } from "./reply.ts";
import { findRoute, type Route, routeScopes } from "./routes.ts";
import type { Group } from "./sentry-options.ts";
import type { BrokenLimit } from "./sentry-simulator.ts";
import { replacement, spoil } from "./spoil.ts";
import type { World } from "./world.ts";

/** What all requests of one server share. */
export interface ServerParts {
  readonly settings: Settings;
  readonly world: World;
  readonly faults: FaultPlan;
  readonly tokens: TokenTable;
  /** Absent where nothing is limited; `pretended` makes the answers of spurious refusals. */
  readonly limiter?: RateLimiter | undefined;
  readonly pretended: RateLimiter;
  readonly origin: string;
}

/** An answer and what the log says about it. */
export interface Answer {
  readonly reply: Reply;
  readonly group?: Group;
  /** Which limit the request broke. Refusals that a fault made up do not count. */
  readonly refused?: BrokenLimit;
  readonly authorized: boolean;
}

/** Answers one request, in the order of Sentry's own layers: who, how often, what. */
export function answer(
  request: Incoming,
  { parts, turn }: { parts: ServerParts; turn: number },
): Answer {
  const { settings, tokens } = parts;
  const path = request.url.pathname;
  if (!path.startsWith("/api/")) {
    return { reply: outsideApi(path, parts), authorized: false };
  }
  const found = findRoute(path, settings.flavor);
  const access = tokens.check(request.header("authorization"));
  const authorized = !("status" in access);
  if (!found) return { reply: noRoute(path, settings), authorized };
  const { route, params } = found;
  const { group } = route;
  const call: Call = {
    ...parts,
    ...{ url: request.url, query: request.url.searchParams, params, turn },
    access: authorized ? access : undefined,
  };
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { reply: detail(405, `Method "${request.method}" not allowed.`), group, authorized };
  }
  if (!authorized && route.scopes) return { reply: access, group, authorized };
  return { ...admitted(call, { route, parts }), group, authorized };
}

function admitted(
  call: Call,
  { route, parts }: { route: Route; parts: ServerParts },
): Pick<Answer, "reply" | "refused"> {
  const { group } = route;
  const identity = call.access?.identity ?? "ip:127.0.0.1";
  const admission = route.group === "root" ? undefined : parts.limiter?.enter(group, identity);
  const onEnd = admission && (() => parts.limiter?.leave(group, identity));
  const reply = admission?.refusal ?? faulty(call, { route, parts });
  const headers = { ...admission?.headers, ...reply.headers };
  return {
    reply: { ...reply, headers, ...(onEnd ? { onEnd } : {}) },
    ...(admission?.broken ? { refused: admission.broken } : {}),
  };
}

function faulty(call: Call, { route, parts }: { route: Route; parts: ServerParts }): Reply {
  const { faults } = parts;
  const url = call.url.pathname + call.url.search;
  const fault = faults.next(url, [
    ...(["serverError", "badGateway", "reset", "tooMany", "tooManyConcurrent"] as const),
    ...(["snubaThrottle", "cutBody", "truncatedJson"] as const),
    ...(route.queries ? (["queryTimeout400"] as const) : []),
  ]);
  const replaced = replacement(fault, { call, limiter: parts.pretended, group: route.group });
  const reply = replaced ?? spoil(handled(call, route), fault);
  const late = faults.roll("slow", url) ? faults.settings.slow?.ms : undefined;
  return late ? { ...reply, delayMs: late } : reply;
}

function handled(call: Call, route: Route): Reply {
  const { flavor, org } = call.settings;
  const glitchtip = flavor === "glitchtip";
  const scopes = routeScopes(route, flavor);
  if (scopes && !mayRead(call, scopes)) {
    const text = "You do not have permission to perform this action.";
    return detail(403, glitchtip ? "Permission denied" : text);
  }
  if (call.settings.disabled.includes(route.group)) return { status: 404 };
  if (call.params["org"] !== undefined && call.params["org"] !== org) {
    return detail(404, glitchtip ? "Not Found" : "The requested resource does not exist");
  }
  const moved = movedProject(call);
  if (moved) return moved;
  try {
    return route.handle(call);
  } catch (error) {
    if (isRefusal(error)) return error.refusal;
    throw error;
  }
}

function mayRead({ access }: Call, scopes: readonly string[]): boolean {
  const good = scopes.flatMap((scope) =>
    scope.includes(":") ? scope : ["read", "write", "admin"].map((verb) => `${scope}:${verb}`),
  );
  return good.length === 0 || good.some((one) => access?.scopes.includes(one));
}

/** A project keeps answering to its former slug, with a redirect. GlitchTip knows no such thing. */
function movedProject({ params, world, settings, url }: Call): Reply | undefined {
  const former = params["project"];
  if (!former || settings.flavor === "glitchtip") return undefined;
  const project = world.projects.find(({ slug }) => former === `${slug}-old`);
  if (!project) return undefined;
  const location = url.pathname.replace(`/${former}/`, `/${project.slug}/`) + url.search;
  const extra = { url: location, slug: project.slug };
  const message = `Resource with slug "${former}" was moved to "${project.slug}"`;
  return json(
    { slug: project.slug, detail: { code: "resource-moved", message, extra } },
    { status: 302, headers: { location } },
  );
}

function outsideApi(path: string, { settings }: ServerParts): Reply {
  // GlitchTip's own pages are one application for every path.
  if (settings.flavor === "glitchtip") return html(200, { title: "GlitchTip" });
  if (path.startsWith("/auth/login/")) return loginPage();
  return { status: 302, headers: { location: `/auth/login/${settings.org}/` } };
}

function noRoute(path: string, { flavor }: Settings): Reply {
  if (flavor === "glitchtip") {
    // Only PUT and DELETE exist at this path.
    if (/^\/api\/0\/organizations\/[^/]+\/issues\/\d+\/$/.test(path)) {
      return { status: 405, headers: { allow: "PUT, DELETE" }, body: "Method not allowed" };
    }
    return html(404, { title: "Not Found" });
  }
  if (path.endsWith("/") || flavor === "old") return { status: 404 };
  return json(
    { info: `Route not found, did you forget a trailing slash?\n\nTry ${path}/` },
    { status: 404 },
  );
}
