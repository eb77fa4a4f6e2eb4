import type { Call } from "./call.ts";
import type { SpoilingFault } from "./faults.ts";
import type { Reply } from "./loopback-server.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import { detail, html, internalError } from "./reply.ts";
import type { Group } from "./sentry-options.ts";

/** Faults that replace the answer; the others spoil a good one. */
export function replacement(
  fault: SpoilingFault | undefined,
  { call, limiter, group }: { call: Call; limiter: RateLimiter; group: Group },
): Reply | undefined {
  const reply = replace(fault, { call, limiter, group });
  if (!reply || !call.faults.settings.retryAfterDate) return reply;
  const date = new Date(call.settings.now() + 1_000).toUTCString();
  return { ...reply, headers: { ...reply.headers, "retry-after": date } };
}

function replace(
  fault: SpoilingFault | undefined,
  { call, limiter, group }: { call: Call; limiter: RateLimiter; group: Group },
): Reply | undefined {
  if (call.faults.settings.htmlLogin) return html(200, { title: "Login | Sentry" });
  if (fault === "serverError") return internalError(call.turn);
  if (fault === "badGateway") return html(502, { title: "502 Bad Gateway" });
  if (fault === "tooMany") return limiter.pretend(group, "window");
  if (fault === "tooManyConcurrent") return limiter.pretend(group, "concurrency");
  if (fault === "reset") return { status: 0, drop: "before" };
  if (fault === "snubaThrottle") {
    return detail(
      429,
      "Rate limit exceeded. Please try your query with a smaller date range or fewer projects.",
    );
  }
  if (fault === "queryTimeout400") {
    return detail(
      400,
      "Query timeout. Please try again. If the problem persists try a smaller date range or fewer projects. Also consider a filter on the transaction field if you're filtering performance data.",
    );
  }
  return undefined;
}

/** Cuts a good answer short. */
export function spoil(reply: Reply, fault: SpoilingFault | undefined): Reply {
  if (fault === "cutBody") return { ...reply, drop: "body" };
  if (fault === "truncatedJson" && reply.body) {
    return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length * 0.6)) };
  }
  return reply;
}
