import { createTokenTable } from "./access.ts";
import { answer, type ServerParts } from "./answer.ts";
import type { Settings } from "./call.ts";
import type { Issue } from "./entities.ts";
import { createFaultPlan } from "./faults.ts";
import { isoTime } from "./iso-time.ts";
import { type Incoming, listen, type Reply } from "./loopback-server.ts";
import { defaultProjects } from "./populate.ts";
import { createRateLimiter } from "./rate-limiter.ts";
import type {
  Group,
  RequestRecord,
  SentryOptions,
  SentrySimulator,
  SimulatedEvent,
} from "./sentry-options.ts";
import { createWorld, type World } from "./world.ts";

/**
 * Starts a Sentry on loopback. All of its data follows from the seed and the clock; bodies are
 * made on demand, so an issue of 400,000 events costs a few megabytes.
 *
 * @returns The running server. Close it, or bind it with `await using`.
 * @throws {Error} when the port is taken.
 *
 * @example
 * ```ts
 * import { startSentry } from "@decant/simulator";
 *
 * const sentry = await startSentry({ flavor: "self-hosted" });
 * const [issue] = sentry.issues;
 * const response = await fetch(
 *   `${sentry.url}/api/0/organizations/${sentry.org}/issues/${issue?.id}/events/?full=true`,
 *   { headers: { authorization: `Bearer ${sentry.token}` } },
 * );
 * const events: unknown[] = await response.json();
 * console.log(events.length, response.headers.get("link"));
 * await sentry.close();
 * ```
 */
export async function startSentry(options: SentryOptions = {}): Promise<SentrySimulator> {
  const { flavor = "saas", seed = 1, org = "acme", now = Date.now } = options;
  const settings: Settings = {
    ...{ flavor, seed, org, now },
    clamp: options.clamp ?? { saas: 10, "self-hosted": 10, old: 100, glitchtip: 50 }[flavor],
    retentionMs: (options.retentionDays ?? 90) * 86_400_000,
  };
  const world = createWorld({
    seed,
    eventBytes: options.eventBytes ?? "realistic",
    projects: options.projects ?? defaultProjects,
    start: now(),
    byArrival: flavor === "glitchtip",
  });
  const log: RequestRecord[] = [];
  let parts: ServerParts | undefined;
  const track = createTracker({ log, now });
  const server = await listen(async (request) => track(request, parts!), {
    port: options.port,
    gzip: options.gzip,
    now,
  });
  const tokens = createTokenTable({ flavor, seed, org, origin: server.url });
  const limit = { overrides: options.rateLimits, old: flavor === "old" };
  const limits = options.limits ?? flavor === "saas";
  parts = {
    ...{ settings, world, tokens, origin: server.url },
    faults: createFaultPlan(options.faults ?? {}, seed),
    limiter: limits ? createRateLimiter(now, limit) : undefined,
    pretended: createRateLimiter(now, limit),
  };
  return {
    ...{ url: server.url, org, flavor, token: tokens.token, tokens: tokens.tokens, log },
    ...describe(world),
    ...controls(world, settings),
    close: server.close,
    [Symbol.asyncDispose]: server.close,
  };
}

function describe({ projects, issues }: World): Pick<SentrySimulator, "projects" | "issues"> {
  return {
    projects: projects.map(({ id, slug }) => ({ id, slug })),
    issues: issues.map(({ id, shortId, project }) => ({
      ...{ id, shortId, project: project.slug, projectId: project.id },
    })),
  };
}

function controls(
  world: World,
  settings: Settings,
): Pick<SentrySimulator, "events" | "addEvents" | "removeEvents" | "removeIssue" | "mergeIssues"> {
  const known = (id: string): Issue => {
    const issue = world.issue(id);
    if (!issue) throw new Error(`Cannot find the issue "${id}": the simulator has none of that id`);
    return issue;
  };
  return {
    *events(issueId) {
      const issues = issueId === undefined ? world.issues : [known(issueId)];
      for (const issue of issues) yield* oracle(issue, { world, settings });
    },
    addEvents(issueId, count, { time = settings.now(), received = settings.now() } = {}) {
      world.add(known(issueId), count, { time, received });
    },
    removeEvents(issueId, ids) {
      const serials = ids.map((id) => world.find(id)).filter((serial) => serial !== undefined);
      return world.remove(known(issueId), serials);
    },
    removeIssue(issueId) {
      const issue = known(issueId);
      world.remove(issue, issue.events);
      issue.deleted = true;
    },
    mergeIssues(from, into) {
      const [source, target] = [known(from), known(into)];
      if (source === target) {
        throw new Error(`Cannot merge the issue "${from}" into "${into}": they are the same`);
      }
      world.merge(source, target);
    },
  };
}

function* oracle(
  issue: Issue,
  { world, settings }: { world: World; settings: Settings },
): Iterable<SimulatedEvent> {
  const shape = settings.flavor === "glitchtip" ? "glitchtip-snake" : "full";
  const oldest = settings.now() - settings.retentionMs;
  for (const serial of issue.events) {
    if (world.table.order(serial) < oldest) return;
    yield {
      id: world.table.id(serial),
      projectId: issue.project.id,
      issueId: issue.id,
      time: isoTime(world.table.order(serial)),
      json: world.json(serial, shape),
    };
  }
}

/** Answers requests, counts those under way and keeps the log. */
function createTracker({ log, now }: { log: RequestRecord[]; now: () => number }) {
  const open = new Map<Group | undefined, number>();
  let turn = 0;
  return (request: Incoming, parts: ServerParts): Reply => {
    const { reply, group, authorized } = answer(request, { parts, turn: turn++ });
    const inFlight = (open.get(group) ?? 0) + 1;
    open.set(group, inFlight);
    log.push({
      ...{ method: request.method, path: request.path, status: reply.status },
      ...(group ? { group } : {}),
      ...{ at: now(), inFlight, authorized, bytes: reply.body?.length ?? 0 },
    });
    const onEnd = () => {
      open.set(group, (open.get(group) ?? 1) - 1);
      reply.onEnd?.();
    };
    return { ...reply, onEnd };
  };
}
