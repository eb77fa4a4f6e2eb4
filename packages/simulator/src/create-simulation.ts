import { createTokenTable } from "./access.ts";
import { answer, type ServerParts } from "./answer.ts";
import type { Settings } from "./call.ts";
import { createControls, simulatedIssue } from "./controls.ts";
import { createFaultPlan } from "./faults.ts";
import { listTable } from "./list-table.ts";
import type { Incoming, Reply } from "./loopback-server.ts";
import { defaultProjects } from "./populate.ts";
import { createRateLimiter } from "./rate-limiter.ts";
import type { Group, SentryOptions } from "./sentry-options.ts";
import type { RequestRecord, SentrySimulator } from "./sentry-simulator.ts";
import type { StreamName } from "./stream-name.ts";
import { createWorld } from "./world.ts";

/** A Sentry with no transport: what answers a request, and what a test holds in its hands. */
export interface Simulation {
  handle(request: Incoming): Reply;
  readonly simulator: Omit<SentrySimulator, "close" | typeof Symbol.asyncDispose>;
}

/** Makes a Sentry that is reached at the given origin. */
export function createSimulation(options: SentryOptions, origin: string): Simulation {
  const { flavor = "saas", seed = 1, org = "acme", now = Date.now } = options;
  const settings: Settings = {
    ...{ flavor, seed, org, now },
    disabled: withChildren(options.disabled ?? []),
    clamp: options.clamp ?? { saas: 10, "self-hosted": 10, old: 100, glitchtip: 50 }[flavor],
    retentionMs: (options.retentionDays ?? 90) * 86_400_000,
  };
  const world = createWorld({
    seed,
    eventBytes: options.eventBytes ?? "realistic",
    projects: options.projects ?? defaultProjects,
    explore: options.explore ?? {},
    lists: options.lists ?? {},
    org,
    start: now(),
    byArrival: flavor === "glitchtip",
  });
  const log: RequestRecord[] = [];
  const tokens = createTokenTable({ flavor, seed, org, origin });
  const limit = { overrides: options.rateLimits, old: flavor === "old" };
  const limits = options.limits ?? flavor === "saas";
  const parts: ServerParts = {
    ...{ settings, world, tokens, origin },
    faults: createFaultPlan(options.faults ?? {}, seed),
    limiter: limits ? createRateLimiter(now, limit) : undefined,
    pretended: createRateLimiter(now, limit),
  };
  const issues = world.issues.map(simulatedIssue);
  return {
    handle: createTracker({ log, now, parts }),
    simulator: {
      ...{ url: origin, org, flavor, token: tokens.token, tokens: tokens.tokens, log, issues },
      createToken: tokens.create,
      projects: world.projects.map(({ id, slug }) => ({ id, slug })),
      ...createControls(parts, issues),
    },
  };
}

/** With a stream goes what lies below it. */
function withChildren(streams: readonly StreamName[]): StreamName[] {
  const below = listTable.filter(({ parent }) => parent && streams.includes(parent));
  return [...streams, ...below.map(({ stream }) => stream)];
}

/** Answers requests, counts those under way and keeps the log. */
function createTracker(keep: {
  log: RequestRecord[];
  now: () => number;
  parts: ServerParts;
}): (request: Incoming) => Reply {
  const { log, now, parts } = keep;
  const open = new Map<Group | undefined, number>();
  let turn = 0;
  return (request) => {
    const { reply, group, refused, authorized } = answer(request, { parts, turn: turn++ });
    const inFlight = (open.get(group) ?? 0) + 1;
    open.set(group, inFlight);
    log.push({
      ...{ method: request.method, path: request.path, status: reply.status },
      ...(group ? { group } : {}),
      ...(refused ? { refused } : {}),
      ...{ at: now(), inFlight, authorized, bytes: reply.body?.length ?? 0 },
    });
    const onEnd = () => {
      open.set(group, (open.get(group) ?? 1) - 1);
      reply.onEnd?.();
    };
    return { ...reply, onEnd };
  };
}
