import { column, toPaths } from "./column.ts";
import type { StreamEntry } from "./stream-entry.ts";

/**
 * What a replay was recorded as.
 *
 * Source: https://docs.sentry.io/api/replays/list-recording-segments
 */
export const segmentStreams: readonly StreamEntry[] = [
  {
    name: "replay-segments",
    summary: "The parts that a replay was recorded in",
    parent: "replays",
    path: "projects/{org}/{project}/replays/{replayId}/recording-segments/",
    ...{ paging: "offset", member: "data", scope: "project:read" },
    id: [toPaths(["segmentId"])],
    time: toPaths(["dateAdded"]),
    columns: [
      column("segment_id", "int", "segmentId"),
      column("project_id", "text", "projectId"),
      column("added", "time", "dateAdded"),
    ],
    display: { title: ["segment_id"] },
  },
];
