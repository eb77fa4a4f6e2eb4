import type { Column, Stream } from "@decant/core";

function column(name: string, type: Column["type"], path: string = name): Column {
  return { name, type, path };
}

/** Events, with the columns that a table of them should have. Rows hold far more. */
export const eventsStream: Stream = {
  name: "events",
  columns: [
    column("event_id", "text", "eventID"),
    column("project_id", "text", "projectID"),
    column("issue_id", "text", "groupID"),
    column("time", "time", "dateCreated"),
    column("received", "time", "dateReceived"),
    column("type", "text"),
    column("title", "text"),
    column("message", "text"),
    column("culprit", "text"),
    column("location", "text"),
    column("platform", "text"),
    column("dist", "text"),
    column("user_id", "text", "user.id"),
    column("user_email", "text", "user.email"),
    column("user_username", "text", "user.username"),
    column("user_ip_address", "text", "user.ip_address"),
    column("sdk_name", "text", "sdk.name"),
    column("sdk_version", "text", "sdk.version"),
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
};
