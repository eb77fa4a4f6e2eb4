import { column, toPaths } from "./column.ts";
import type { StreamEntry } from "./stream-entry.ts";

/** The series of rows that are read in windows of time, besides events. */
export type Dataset = "transactions" | "spans" | "logs" | "replays";

/** What a table of a dataset may be asked for: no more than 20 fields. */
const common = ["id", "timestamp", "project", "project.id", "trace", "release", "environment"];

/** Spans and logs are counted and listed from a sample unless one asks for all. */
const exact = { sampling: "HIGHEST_ACCURACY", disableAggregateExtrapolation: "1" };

const table = {
  parent: "projects",
  path: "organizations/{org}/events/",
  paging: "time",
  member: "data",
  scope: "org:read",
  bounds: true,
  byTime: true,
  filters: ["project", "environment", "query"],
  bare: true,
  time: toPaths(["timestamp"]),
} as const;

const project = toPaths(["project.id"]);

/**
 * The streams that are read in windows of time, besides events.
 *
 * Sources: https://docs.sentry.io/api/explore/query-explore-events-in-table-format,
 * https://docs.sentry.io/api/replays/list-an-organizations-replays, and the fields of
 * https://github.com/getsentry/sentry/tree/master/src/sentry/search/eap
 */
export const datasets: Readonly<Record<Dataset, StreamEntry>> = {
  transactions: {
    ...table,
    name: "transactions",
    summary: "Requests, page loads and tasks that were traced, as a table",
    params: {
      dataset: "transactions",
      sort: "-timestamp",
      field: [
        ...common,
        ...["transaction", "transaction.op", "transaction.status", "transaction.duration"],
        ...["trace.span", "http.method", "http.status_code", "dist", "platform.name"],
        ...["user.display", "user.id", "sdk.name", "sdk.version"],
      ],
    },
    id: [project, toPaths(["id"])],
    columns: [
      column("event_id", "text", "id"),
      column("time", "time", "timestamp"),
      column("project", "text"),
      column("project_id", "text", "project.id"),
      column("transaction", "text"),
      column("op", "text", "transaction.op"),
      column("status", "text", "transaction.status"),
      column("duration_ms", "float", "transaction.duration"),
      column("trace", "text"),
      column("span", "text", "trace.span"),
      column("http_method", "text", "http.method"),
      column("http_status", "text", "http.status_code"),
      column("release", "text"),
      column("environment", "text"),
      column("user", "text", "user.display"),
    ],
    display: {
      title: ["transaction"],
      level: ["status", "op"],
      where: ["project"],
      user: ["user"],
    },
  },
  spans: {
    ...table,
    name: "spans",
    summary: "Timed steps of traces",
    params: {
      ...exact,
      dataset: "spans",
      sort: "-timestamp",
      field: [
        ...common,
        ...["parent_span", "transaction", "transaction.span_id", "is_transaction", "span.op"],
        ...["span.description", "span.category", "span.status", "span.duration"],
        ...["span.self_time", "precise.start_ts", "precise.finish_ts", "sdk.name"],
      ],
    },
    // A span's own id is random, of 64 bits, and meant to be unique in its trace alone.
    id: [project, toPaths(["trace"]), toPaths(["id"])],
    columns: [
      column("span_id", "text", "id"),
      column("time", "time", "timestamp"),
      column("project", "text"),
      column("project_id", "text", "project.id"),
      column("trace", "text"),
      column("parent_span", "text"),
      column("transaction", "text"),
      column("transaction_span", "text", "transaction.span_id"),
      column("is_transaction", "bool"),
      column("op", "text", "span.op"),
      column("description", "text", "span.description"),
      column("category", "text", "span.category"),
      column("status", "text", "span.status"),
      column("duration_ms", "float", "span.duration"),
      column("self_time_ms", "float", "span.self_time"),
      column("started", "time", "precise.start_ts"),
      column("finished", "time", "precise.finish_ts"),
      column("release", "text"),
      column("environment", "text"),
    ],
    display: { title: ["description", "op"], level: ["op"], where: ["transaction", "project"] },
  },
  logs: {
    ...table,
    name: "logs",
    summary: "Log lines",
    params: {
      ...exact,
      dataset: "logs",
      sort: "-timestamp",
      // The only table that gives more than 100 rows a page.
      per_page: "1000",
      field: [
        ...common,
        ...["timestamp_precise", "observed_timestamp", "severity", "severity_number", "message"],
        ...["message.template", "trace.parent_span_id", "origin", "sdk.name", "sdk.version"],
      ],
    },
    id: [project, toPaths(["id"])],
    columns: [
      column("log_id", "text", "id"),
      column("time", "time", "timestamp"),
      column("time_ns", "text", "timestamp_precise"),
      column("project", "text"),
      column("project_id", "text", "project.id"),
      column("severity", "text"),
      column("severity_number", "int"),
      column("message", "text"),
      column("template", "text", "message.template"),
      column("trace", "text"),
      column("release", "text"),
      column("environment", "text"),
      column("origin", "text"),
      column("sdk_name", "text", "sdk.name"),
    ],
    display: { title: ["message"], level: ["severity"], where: ["project"] },
  },
  replays: {
    ...table,
    name: "replays",
    summary: "Recorded sessions of users: what they did, and on what",
    path: "organizations/{org}/replays/",
    paging: "offset",
    params: { sort: "-started_at" },
    key: { name: "replayId", paths: toPaths(["id"]) },
    id: [toPaths(["project_id"]), toPaths(["id"])],
    time: toPaths(["started_at"]),
    columns: [
      column("replay_id", "text", "id"),
      column("project_id", "text"),
      column("started", "time", "started_at"),
      column("finished", "time", "finished_at"),
      column("duration_s", "float", "duration"),
      column("environment", "text"),
      column("platform", "text"),
      column("releases", "json"),
      column("urls", "json"),
      column("segments", "int", "count_segments"),
      column("errors", "int", "count_errors"),
      column("dead_clicks", "int", "count_dead_clicks"),
      column("rage_clicks", "int", "count_rage_clicks"),
      column("error_ids", "json"),
      column("trace_ids", "json"),
      column("user_id", "text", ["user", "id"]),
      column("user_email", "text", ["user", "email"]),
      column("user_name", "text", ["user", "display_name"], ["user", "username"]),
      column("user_ip", "text", ["user", "ip"]),
      column("browser", "text", ["browser", "name"]),
      column("os", "text", ["os", "name"]),
      column("tags", "json"),
    ],
    display: {
      time: ["started"],
      title: ["replay_id"],
      where: ["platform", "browser"],
      user: ["user_email", "user_name", "user_id", "user_ip"],
    },
  },
};

/** The same as a list. */
export const datasetStreams: readonly StreamEntry[] = Object.values(datasets);
