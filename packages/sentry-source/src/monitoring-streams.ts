import { column, toPaths } from "./column.ts";
import type { StreamEntry } from "./stream-entry.ts";

const byId = [toPaths(["id"])];
const created = toPaths(["dateCreated"]);
const list = { paging: "offset", scope: "org:read", id: byId, time: created } as const;
const common = [
  column("id", "text"),
  column("name", "text"),
  column("created", "time", "dateCreated"),
];
/** Both statistics are one object for each project and window, with its times beside its numbers. */
const statistics = {
  parent: "projects",
  paging: "one",
  scope: "org:read",
  bounds: true,
  byTime: true,
  mostDays: 90,
  id: [toPaths(["start"]), toPaths(["end"])],
  time: toPaths(["start"]),
  columns: [
    column("start", "time"),
    column("end", "time"),
    column("intervals", "json"),
    column("groups", "json"),
  ],
  display: { title: ["end"] },
} as const;

/**
 * What watches over projects: monitors, alerts, dashboards, saved queries, statistics.
 *
 * Source: https://docs.sentry.io/api/crons, /alerts, /monitors, /dashboards, /discover
 */
export const monitoringStreams: readonly StreamEntry[] = [
  {
    name: "monitors",
    summary: "The cron monitors of the organisation",
    path: "organizations/{org}/monitors/",
    ...list,
    filters: ["project", "environment"],
    key: { name: "monitorSlug", paths: toPaths(["slug", "id"]) },
    columns: [
      ...common,
      column("slug", "text"),
      column("status", "text"),
      column("muted", "bool", "isMuted"),
      column("project", "text", ["project", "slug"]),
      column("config", "json"),
      column("environments", "json"),
    ],
    display: { title: ["name", "slug"], where: ["project"], level: ["status"] },
  },
  {
    name: "check-ins",
    summary: "The check-ins of a cron monitor",
    parent: "monitors",
    path: "organizations/{org}/monitors/{monitorSlug}/checkins/",
    ...{
      ...list,
      scope: "project:read",
      bounds: true,
      time: toPaths(["dateAdded", "dateCreated"]),
    },
    filters: ["environment"],
    columns: [
      column("id", "text"),
      column("status", "text"),
      column("environment", "text"),
      column("duration", "float"),
      column("added", "time", "dateAdded", "dateCreated"),
      column("expected", "time", "expectedTime"),
    ],
    display: { title: ["status"], level: ["status"], where: ["environment"] },
  },
  {
    name: "alert-rules",
    summary: "The metric alert rules of the organisation",
    path: "organizations/{org}/alert-rules/",
    ...list,
    filters: ["project"],
    columns: [
      ...common,
      column("query", "text"),
      column("aggregate", "text"),
      column("dataset", "text"),
      column("environment", "text"),
      column("window_minutes", "float", "timeWindow"),
      column("projects", "json"),
      column("triggers", "json"),
    ],
    display: { title: ["name"], where: ["aggregate"] },
  },
  {
    name: "detectors",
    summary: "The monitors that find problems and open issues",
    path: "organizations/{org}/detectors/",
    ...list,
    filters: ["project"],
    columns: [
      ...common,
      column("type", "text"),
      column("project_id", "text", "projectId"),
      column("enabled", "bool"),
      column("open_issues", "int", "openIssues"),
      column("updated", "time", "dateUpdated"),
    ],
    display: { title: ["name"], where: ["type"] },
  },
  {
    name: "workflows",
    summary: "The alerts: what is done when a problem is found",
    path: "organizations/{org}/workflows/",
    ...list,
    filters: ["project"],
    columns: [
      ...common,
      column("enabled", "bool"),
      column("environment", "text"),
      column("updated", "time", "dateUpdated"),
      column("last_triggered", "time", "lastTriggered"),
    ],
    display: { title: ["name"], where: ["environment"] },
  },
  {
    name: "dashboards",
    summary: "The dashboards of the organisation, in short",
    path: "organizations/{org}/dashboards/",
    ...list,
    key: { name: "dashboardId", paths: toPaths(["id"]) },
    columns: [
      column("id", "text"),
      column("title", "text"),
      column("created", "time", "dateCreated"),
      column("created_by", "text", ["createdBy", "email"]),
      column("projects", "json"),
    ],
    display: { title: ["title"], user: ["created_by"] },
  },
  {
    name: "dashboard-details",
    summary: "A dashboard with its widgets",
    parent: "dashboards",
    path: "organizations/{org}/dashboards/{dashboardId}/",
    ...{ ...list, paging: "one", bare: true },
    columns: [
      column("id", "text"),
      column("title", "text"),
      column("created", "time", "dateCreated"),
      column("widgets", "json"),
    ],
    display: { title: ["title"] },
  },
  {
    name: "saved-queries",
    summary: "The saved queries of Discover",
    path: "organizations/{org}/discover/saved/",
    ...list,
    columns: [
      ...common,
      column("query", "text"),
      column("updated", "time", "dateUpdated"),
      column("fields", "json"),
    ],
    display: { title: ["name"], where: ["query"] },
  },
  {
    name: "explore-queries",
    summary: "The saved queries of Explore",
    path: "organizations/{org}/explore/saved/",
    ...{ ...list, time: toPaths(["dateAdded"]) },
    columns: [
      column("id", "text"),
      column("name", "text"),
      column("dataset", "text"),
      column("added", "time", "dateAdded"),
      column("updated", "time", "dateUpdated"),
      column("query", "json"),
    ],
    display: { title: ["name"], where: ["dataset"] },
  },
  {
    name: "stats",
    summary: "How much a project sent each day, by category and outcome",
    path: "organizations/{org}/stats_v2/",
    params: {
      ...{ project: "{projectId}", field: "sum(quantity)", interval: "1d" },
      groupBy: ["category", "outcome"],
    },
    ...statistics,
  },
  {
    name: "sessions",
    summary: "How many sessions of a project were healthy or crashed each day",
    path: "organizations/{org}/sessions/",
    params: {
      ...{ project: "{projectId}", field: "sum(session)", interval: "1d" },
      groupBy: "session.status",
    },
    ...statistics,
    filters: ["environment"],
  },
];
