import { type Call, retentionEdge } from "./call.ts";
import { filtered, visible } from "./event-lists.ts";
import { environmentFilter, eventFilter } from "./event-search.ts";
import type { Reply } from "./loopback-server.ts";
import { detail, json } from "./reply.ts";
import { linkHeader, pageSize } from "./sentry-link.ts";
import { timeBounds } from "./time-bounds.ts";

/**
 * `/api/0/organizations/{org}/events/`: Sentry can answer much here, the simulator only
 * `field=count()`, which is what an export is checked against.
 */
export function discover(call: Call): Reply {
  const { world, query } = call;
  const limit = pageSize(query);
  const fields = query.getAll("field");
  if (fields.length === 0) return detail(400, "No columns selected");
  if (fields.some((field) => field !== "count()")) {
    return detail(400, `The simulator knows the field count() only, not ${fields.join(", ")}`);
  }
  if (!["errors", "discover"].includes(query.get("dataset") ?? "discover")) {
    return detail(400, "dataset must be one of: discover, errors");
  }
  const wanted = query.getAll("project").filter((name) => name !== "-1");
  const projects = world.projects.filter(
    ({ id, slug }) => wanted.length === 0 || wanted.includes(id) || wanted.includes(slug),
  );
  if (projects.length < new Set(wanted).size) {
    return detail(403, "You do not have permission to perform this action.");
  }
  const bounds = timeBounds(query, call.settings.now());
  if (bounds.to <= retentionEdge(call)) {
    return detail(400, "Invalid date range. Please try a more recent date range.");
  }
  const environment = environmentFilter(world, query.getAll("environment"));
  const search = eventFilter(world, query.get("query") ?? "");
  const count = (list: readonly number[]) => {
    const range = filtered(visible(call, { list, bounds }), [environment ?? undefined, search]);
    return range.to - range.from;
  };
  // Counting one issue is a matter of two bisections; only a search walks through the events.
  const single = /^issue(?:\.id)?:(\S+)$/.exec(query.get("query")?.trim() ?? "");
  const issue = single && world.issue(single[1]!);
  let total = 0;
  if (environment !== null) {
    total =
      issue && !environment
        ? projects.includes(issue.project)
          ? countOf(call, { list: issue.events, bounds })
          : 0
        : projects.reduce((sum, project) => sum + count(world.projectEvents(project)), 0);
  }
  return counted(call, { total: Math.max(0, total + (call.faults.settings.countOff ?? 0)), limit });
}

function countOf(call: Call, part: Parameters<typeof visible>[1]): number {
  const { from, to } = visible(call, part);
  return to - from;
}

function counted(call: Call, { total, limit }: { total: number; limit: number }): Reply {
  const link = linkHeader(
    { origin: call.faults.settings.crossOriginLink ?? call.origin, url: call.url },
    {
      previous: { cursor: "0:0:1", results: false },
      next: { cursor: `0:${limit}:0`, results: false },
    },
  );
  const meta = {
    fields: { "count()": "integer" },
    units: { "count()": null },
    isMetricsData: false,
    isMetricsExtractedData: false,
    tips: { query: null, columns: null },
    datasetReason: "unchanged",
    dataset: "errors",
  };
  return json({ data: [{ "count()": total }], meta }, { headers: { link } });
}
