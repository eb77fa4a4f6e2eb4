import { column, toPaths } from "./column.ts";
import type { StreamEntry } from "./stream-entry.ts";

/** Commits look the same wherever they are listed. */
export const commitColumns: StreamEntry["columns"] = [
  column("id", "text"),
  column("message", "text"),
  column("created", "time", "dateCreated"),
  column("author_name", "text", ["author", "name"]),
  column("author_email", "text", ["author", "email"]),
  column("repository", "text", ["repository", "name"]),
];

/** And so do the values of tags. An empty value may be told by its name or query alone. */
export const tagValues: Pick<StreamEntry, "id" | "time" | "columns" | "display"> = {
  id: [toPaths(["value", "name", "query"])],
  time: toPaths(["firstSeen"]),
  columns: [
    column("value", "text", "value", "name"),
    column("count", "int"),
    column("first_seen", "time", "firstSeen"),
    column("last_seen", "time", "lastSeen"),
  ],
  display: { title: ["value"] },
};
