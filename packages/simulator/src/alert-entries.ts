import { isoTime } from "./iso-time.ts";
import { type JsonInput, rawJson } from "./json-text.ts";
import { type ListEntry, longKnown, type RowOrigin } from "./list-entry.ts";
import { hash32, hex } from "./random.ts";

const below = "organizations/:org";
const scopes = ["org", "alerts"];
const statuses = ["ok", "error", "missed", "timeout", "in_progress"];

/** What watches, what it shows, and what was counted. */
export const alertEntries: readonly ListEntry[] = [
  {
    ...{ stream: "monitors", path: `${below}/monitors/`, scopes, paging: "pages", rows: 3 },
    ...{ key: "slug", ofProject: true },
    make: monitor,
  },
  {
    ...{ stream: "check-ins", path: `${below}/monitors/:monitor/checkins/`, parent: "monitors" },
    ...{ scopes: ["project", "alerts"], paging: "pages", rows: 12, bounds: true },
    make: ({ seed, random, time, nth }) => ({
      ...{ id: hex(seed, random, 32), environment: "production", status: statuses[random % 5]! },
      ...{ duration: nth % 4 === 3 ? null : random % 90_000, dateCreated: isoTime(time) },
      ...{ dateAdded: isoTime(time), dateUpdated: isoTime(time), dateInProgress: null },
      ...{ dateClock: isoTime(time), expectedTime: null, monitorConfig: config, groups: [] },
    }),
  },
  {
    ...{ stream: "alert-rules", path: `${below}/alert-rules/`, scopes, paging: "pages", rows: 3 },
    ...{ size: 25, flavors: longKnown, ofProject: true },
    make: ({ id, nth, time, project }) => ({
      ...{ id, name: `Errors ${nth}`, dataset: "events", aggregate: "count()", timeWindow: 60.5 },
      ...{ status: 0, query: "", resolveThreshold: null, thresholdType: 0, environment: null },
      ...{ projects: [project.slug], owner: null, dateCreated: isoTime(time), triggers: [] },
      ...{ dateModified: isoTime(time), comparisonDelta: rawJson("1.0"), createdBy: null },
    }),
  },
  {
    ...{ stream: "detectors", path: `${below}/detectors/`, scopes, paging: "pages", rows: 4 },
    ofProject: true,
    make: ({ id, nth, time, project }) => ({
      ...{ id, projectId: project.id, name: `Detector ${nth}`, type: "metric_issue" },
      ...{ workflowIds: [], dateCreated: isoTime(time), dateUpdated: isoTime(time), owner: null },
      ...{ createdBy: null, dataSources: null, conditionGroup: null, config: {}, enabled: true },
      ...{ description: null, latestGroup: null, openIssues: nth, alertRuleId: null, ruleId: null },
    }),
  },
  {
    ...{ stream: "workflows", path: `${below}/workflows/`, scopes, paging: "pages", rows: 3 },
    make: ({ id, nth, time }) => ({
      ...{ id, name: `Tell everybody ${nth}`, organizationId: "4500000000000001", createdBy: null },
      ...{ dateCreated: isoTime(time), dateUpdated: isoTime(time), triggers: null, config: {} },
      ...{ actionFilters: [], environment: null, detectorIds: [], enabled: nth !== 2 },
      lastTriggered: nth === 0 ? isoTime(time) : null,
    }),
  },
  {
    ...{ stream: "dashboards", path: `${below}/dashboards/`, scopes: ["org"], paging: "pages" },
    ...{ rows: 3, flavors: longKnown },
    make: ({ id, nth, time }) => ({
      ...{ id, title: `Dashboard ${nth} 📊`, dateCreated: isoTime(time), createdBy: null },
      ...{ environment: [], filters: {}, lastVisited: null, widgetDisplay: ["line"] },
      ...{ widgetPreview: [{ displayType: "line", layout: null }], permissions: null },
      ...{ isFavorited: false, projects: [] },
    }),
  },
  {
    ...{ stream: "dashboard-details", path: `${below}/dashboards/:dashboard/`, scopes: ["org"] },
    ...{ paging: "one", rows: 1, parent: "dashboards", flavors: longKnown },
    make: ({ parents, time }) => ({
      ...{ id: parents["dashboard"], title: "Dashboard 📊", dateCreated: isoTime(time) },
      widgets: [{ id: "1", title: "Errors", displayType: "line", interval: "5m", queries: [] }],
      ...{ projects: [], filters: {}, createdBy: null, permissions: null, isFavorited: false },
    }),
  },
  {
    ...{ stream: "saved-queries", path: `${below}/discover/saved/`, scopes: ["org"] },
    ...{ paging: "rows", size: 25, rows: 3, flavors: longKnown },
    make: savedQuery,
  },
  {
    ...{ stream: "explore-queries", path: `${below}/explore/saved/`, scopes: ["org"] },
    ...{ paging: "rows", size: 25, rows: 3 },
    make: savedQuery,
  },
  {
    ...{ stream: "stats", path: `${below}/stats_v2/`, scopes: ["org"], paging: "one", rows: 1 },
    ...{ required: ["field", "groupBy"], flavors: longKnown },
    make: (from) =>
      series(from, [
        { by: { outcome: "accepted", category: "error" }, name: "sum(quantity)" },
        { by: { outcome: "filtered", category: "error" }, name: "sum(quantity)" },
      ]),
  },
  {
    ...{ stream: "sessions", path: `${below}/sessions/`, scopes: ["org"], paging: "one", rows: 1 },
    ...{ required: ["field"], flavors: longKnown },
    make: (from) => series(from, [{ by: {}, name: "sum(session)" }]),
  },
];

const config = {
  ...{ schedule_type: "crontab", schedule: "0 * * * *", checkin_margin: null, timezone: "UTC" },
  ...{ max_runtime: 30, failure_issue_threshold: 1, recovery_threshold: 1 },
};

function monitor({ seed, nth, random, time, project }: RowOrigin): JsonInput {
  return {
    ...{ id: hex(seed, random, 32), slug: `nightly-${nth}`, name: `Nightly ${nth}`, config },
    ...{ status: "active", isMuted: false, isUpserting: false, owner: null, environments: [] },
    ...{ dateCreated: isoTime(time), project: { id: project.id, slug: project.slug } },
  };
}

function savedQuery({ id, nth, time, project }: RowOrigin): JsonInput {
  return {
    ...{
      id,
      name: `Slow 🐢 ${nth}`,
      projects: [rawJson(project.id)],
      version: 2,
      dataset: "spans",
    },
    ...{
      dateCreated: isoTime(time),
      dateUpdated: isoTime(time),
      lastVisited: null,
      starred: false,
    },
    ...{ fields: ["id", "timestamp"], orderby: "-timestamp", query: "", range: "14d" },
    ...{ expired: false, queryDataset: "error-events", createdBy: null },
  };
}

/** A count of each of 30 days: whatever the range that is asked for. */
function series(
  { time, seed }: RowOrigin,
  groups: readonly { readonly by: JsonInput; readonly name: string }[],
): JsonInput {
  const day = 86_400_000;
  const last = Math.floor(time / day) * day;
  const days = Array.from({ length: 30 }, (_, i) => last - (29 - i) * day);
  return {
    ...{ start: isoTime(days[0]!), end: isoTime(last + day), query: "" },
    intervals: days.map(isoTime),
    groups: groups.map(({ by, name }, nth) => {
      const counts = days.map((_, i) => hash32(seed + nth, i) % 5_000);
      const total = counts.reduce((sum, count) => sum + count, 0);
      return { by, totals: { [name]: total }, series: { [name]: counts } };
    }),
  };
}
