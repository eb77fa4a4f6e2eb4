import { column } from "./column.ts";
import type { StreamEntry } from "./stream-entry.ts";

/**
 * What a replay was recorded as. A segment is a list of recorded events and does not say which one it
 * is, but they come in order. Without `download` the server tells of segments what they are stored as.
 *
 * Source: https://docs.sentry.io/api/replays/list-recording-segments
 */
export const segmentStreams: readonly StreamEntry[] = [
  {
    name: "replay-segments",
    summary: "The recorded events of a replay, in segments",
    parent: "replays",
    path: "projects/{org}/{project}/replays/{replayId}/recording-segments/",
    params: { download: "true", per_page: "10" },
    ...{ paging: "offset", scope: "project:read", numbered: "segment", id: [] },
    columns: [column("events", "json", [])],
    display: { title: ["segment"] },
  },
];
