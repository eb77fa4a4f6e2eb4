import type { Stream } from "@decant/core";
import { column, toPaths } from "./column.ts";

/**
 * Events, with the columns that a table of them should have. Rows hold far more.
 *
 * Sentry names things in camel case, and some otherwise in short rows; GlitchTip's issue events are
 * in snake case. Transactions have times in seconds instead of a creation date.
 */
export const eventsStream: Stream = {
  name: "events",
  id: [toPaths(["projectID", "project_id"]), toPaths(["eventID", "event_id", "id"])],
  time: toPaths([
    ...["dateCreated", "date_created", "dateReceived", "date_received"],
    ...["startTimestamp", "start_timestamp"],
  ]),
  columns: [
    column("event_id", "text", "eventID", "event_id", "id"),
    column("project_id", "text", "projectID", "project_id"),
    column("issue_id", "text", "groupID", "group_id"),
    column("time", "time", "dateCreated", "date_created", "endTimestamp", "end_timestamp"),
    column("started", "time", "startTimestamp", "start_timestamp"),
    column("received", "time", "dateReceived", "date_received"),
    column("type", "text", "type", "event.type"),
    column("level", "text", "level", ["tags", "level"]),
    column("title", "text"),
    column("message", "text"),
    column("culprit", "text"),
    column("location", "text"),
    column("transaction", "text", "transaction", ["tags", "transaction"]),
    column("release", "text", ["tags", "release"]),
    column("environment", "text", ["tags", "environment"]),
    column("platform", "text"),
    column("dist", "text", "dist", ["tags", "dist"]),
    column("user_id", "text", ["user", "id"]),
    column("user_email", "text", ["user", "email"]),
    column("user_username", "text", ["user", "username"]),
    column("user_name", "text", ["user", "name"]),
    column("user_ip_address", "text", ["user", "ip_address"], ["user", "ipAddress"]),
    column("sdk_name", "text", ["sdk", "name"]),
    column("sdk_version", "text", ["sdk", "version"]),
    column("size", "int"),
    column("tags", "json"),
    column("entries", "json"),
    column("contexts", "json"),
    column("context", "json"),
    column("user", "json"),
    column("metadata", "json"),
    column("fingerprints", "json"),
    column("errors", "json"),
  ],
  display: {
    time: ["time", "started", "received"],
    level: ["level", "type"],
    title: ["title", "message", "transaction"],
    where: ["culprit", "location", "transaction"],
    user: ["user_email", "user_username", "user_name", "user_id", "user_ip_address"],
  },
};
