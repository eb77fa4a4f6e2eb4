import { DecantError } from "@decant/core";
import { datasetStreams } from "./dataset-streams.ts";
import { eventsStream } from "./events-stream.ts";
import { issueStreams } from "./issue-streams.ts";
import { monitoringStreams } from "./monitoring-streams.ts";
import { organizationStreams } from "./organization-streams.ts";
import { projectStreams } from "./project-streams.ts";
import { releaseStreams } from "./release-streams.ts";
import { segmentStreams } from "./segment-streams.ts";
import type { StreamEntry } from "./stream-entry.ts";

const events: StreamEntry = {
  summary: "The events of issues with their full bodies",
  parent: "issues",
  path: "organizations/{org}/issues/{issueId}/events/",
  paging: "time",
  scope: "event:read",
  bounds: true,
  byTime: true,
  filters: ["project", "environment", "query"],
  bare: true,
  id: [],
  ...eventsStream,
};

/** All streams. Those that people want most come first. */
export const streamTable: readonly StreamEntry[] = [
  events,
  ...issueStreams,
  ...datasetStreams,
  ...segmentStreams,
  ...releaseStreams,
  ...organizationStreams,
  ...projectStreams,
  ...monitoringStreams,
];

const byName = new Map(streamTable.map((entry) => [entry.name, entry]));

/** The entry of a name that the table is known to have, or that comes from a state file. */
export function entryOf(name: string): StreamEntry {
  const entry = byName.get(name);
  if (entry) return entry;
  throw new DecantError("SENTRY_SLICE_INVALID", `Cannot read stream "${name}": there is none`, {
    kind: "usage",
    hint: "Go on with the version that the export began with, or begin it anew.",
  });
}

/** Whether there is a stream of this name. */
export function hasEntry(name: string): boolean {
  return byName.has(name);
}

/** What a stream lies below, the outermost first. */
export function ancestorsOf({ parent }: StreamEntry): readonly StreamEntry[] {
  if (parent === undefined) return [];
  const entry = entryOf(parent);
  return [...ancestorsOf(entry), entry];
}

/** The streams that lie directly below one. */
export function childrenOf(name: string): readonly StreamEntry[] {
  return streamTable.filter(({ parent }) => parent === name);
}

/** Of some streams the one itself and those that lie anywhere below it. */
export function within(name: string, streams: readonly string[]): string[] {
  return streams.filter(
    (one) => one === name || ancestorsOf(entryOf(one)).some((above) => above.name === name),
  );
}
