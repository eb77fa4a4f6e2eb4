import { type Call, calledIssue, calledProject, calledProjects, notFound } from "./call.ts";
import type { Issue } from "./entities.ts";
import { filtered, visible } from "./event-lists.ts";
import { environmentFilter } from "./event-search.ts";
import { issueJson } from "./issue-json.ts";
import { keysetPage, timePosition, unprocessable } from "./keyset-page.ts";
import type { Reply } from "./loopback-server.ts";
import { detail, json, refuse } from "./reply.ts";
import { issueLimit, sequencePage } from "./sequence-page.ts";
import { timeBounds } from "./time-bounds.ts";

/** The issues of the organisation. */
export function organizationIssues(call: Call): Reply {
  const projects = calledProjects(call);
  const issues = call.world.issues.filter((issue) => projects.includes(issue.project));
  if (call.settings.flavor === "glitchtip") return glitchtipIssues(call, issues);
  const groups = call.query.getAll("group");
  if (groups.length > 0) {
    return json(
      issues
        .filter(isThere)
        .filter(({ id }) => groups.includes(id))
        .map((issue) => issueJson(call, issue)),
    );
  }
  const bounds = timeBounds(call.query, call.settings.now());
  const environment = environmentFilter(call.world, call.query.getAll("environment"));
  if (environment === null) return json([]);
  const seen = issues.filter((issue) => {
    const range = filtered(visible(call, { list: issue.events, bounds }), [environment]);
    return range.from < range.to;
  });
  return searched(call, seen);
}

/** The issues of a project. */
export function projectIssues(call: Call): Reply {
  const project = calledProject(call);
  const issues = call.world.issues.filter((issue) => issue.project === project);
  if (call.settings.flavor === "glitchtip") return glitchtipIssues(call, issues);
  if (!["", "24h", "14d"].includes(call.query.get("statsPeriod") ?? "")) {
    return detail(400, "Invalid stats_period. Valid choices are '', '24h', and '14d'");
  }
  return searched(call, issues);
}

/** One issue. */
export function issueDetail(call: Call): Reply {
  const issue = calledIssue(call);
  return json({ ...issueJson(call, issue), activity: [], seenBy: [], participants: [], tags: [] });
}

/** What a short id stands for. */
export function shortId(call: Call): Reply {
  const text = call.params["short"]!;
  const issue = /^\d+$/.test(text) ? undefined : call.world.issue(text);
  if (!issue) throw notFound(call);
  return json({
    organizationSlug: call.settings.org,
    projectSlug: issue.project.slug,
    groupId: issue.id,
    group: issueJson(call, issue),
    shortId: issue.shortId,
  });
}

function isThere(issue: Issue): boolean {
  return !issue.deleted && !issue.mergedInto;
}

function searched(call: Call, candidates: readonly Issue[]): Reply {
  const query = call.query.get("query") ?? "is:unresolved";
  const headers: Record<string, string> = {};
  if (call.query.get("shortIdLookup") === "1" && /^[\w-]+-\w+$/.test(query)) {
    const hit = candidates.find(({ shortId }) => shortId === query.toUpperCase());
    if (hit) return json([issueJson(call, hit)], { headers: { "x-sentry-direct-hit": "1" } });
  }
  const found = candidates.filter(isThere).filter(issueSearch(call, query));
  const scores: Readonly<Record<string, (issue: Issue) => number>> = {
    date: (issue) => call.world.table.order(issue.events[0] ?? 0),
    new: (issue) => issue.firstSeen,
    freq: (issue) => issue.counted,
    user: (issue) => issue.counted,
  };
  const score = scores[call.query.get("sort") ?? "date"];
  if (!score) return detail(400, "Invalid input for sort");
  const page = sequencePage(call, {
    items: found.filter(({ events }) => events.length > 0),
    score,
    limit: issueLimit(call.query),
  });
  headers["link"] = page.link;
  headers["x-hits"] = String(Math.min(found.length, 1_000));
  headers["x-max-hits"] = "1000";
  return json(
    page.items.map((issue) => issueJson(call, issue)),
    { headers },
  );
}

/** `is:`, `issue:`, `level:` and free text of the title. */
function issueSearch(call: Call, query: string): (issue: Issue) => boolean {
  const tests = query
    .split(/\s+/)
    .filter(Boolean)
    .map((term): ((issue: Issue) => boolean) => {
      const [key, value] = term.split(/:(.*)/, 2);
      if (value === undefined)
        return (issue) => String(issueJson(call, issue)["title"]).includes(term);
      if (key === "is") return statusTest(value);
      if (key === "level") return (issue) => issueJson(call, issue)["level"] === value;
      if (key === "issue" || key === "issue.id") {
        const wanted = call.world.issue(value);
        if (!wanted) throw refuse(400, `Invalid value '['${value}']' for '${key}:' filter`);
        return (issue) => issue === wanted;
      }
      throw refuse(400, `Error parsing search query: the simulator does not know "${key}"`);
    });
  return (issue) => tests.every((test) => test(issue));
}

function statusTest(value: string): (issue: Issue) => boolean {
  const status = value === "archived" ? "ignored" : value;
  if (!["unresolved", "resolved", "ignored"].includes(status)) {
    throw refuse(
      400,
      `Error parsing search query: Invalid value for "is" search, valid values are ['resolved', 'unresolved', 'archived']`,
    );
  }
  return (issue) => issue.status === status;
}

const glitchtipSorts: Readonly<Record<string, (issue: Issue, call: Call) => number>> = {
  last_seen: (issue, { world }) => world.table.order(issue.events[0]!),
  first_seen: (issue) => issue.firstSeen,
  count: (issue) => issue.counted,
  priority: (issue) => issue.counted,
};

function glitchtipIssues(call: Call, issues: readonly Issue[]): Reply {
  const sort = call.query.get("sort") ?? "-last_seen";
  const key = glitchtipSorts[sort.replace(/^-/, "")];
  if (!key) throw unprocessable("sort", "enum");
  const sign = sort.startsWith("-") ? -1 : 1;
  const items = issues
    .filter((issue) => isThere(issue) && issue.events.length > 0)
    .filter(issueSearch(call, call.query.get("query") ?? ""))
    .sort((a, b) => sign * (key(a, call) - key(b, call)));
  const timed = /seen$/.test(sort);
  const page = keysetPage(call, {
    items,
    key: (issue) => key(issue, call),
    descending: sign < 0,
    position: timed ? timePosition : { write: String, read: Number },
  });
  return json(
    page.items.map((issue) => issueJson(call, issue)),
    { headers: page.headers },
  );
}
