import { alertEntries } from "./alert-entries.ts";
import { issueEntries } from "./issue-entries.ts";
import type { ListEntry } from "./list-entry.ts";
import { organizationEntries } from "./organization-entries.ts";
import { projectEntries } from "./project-entries.ts";
import { releaseEntries } from "./release-entries.ts";
import { segmentEntry } from "./segment-entry.ts";
import type { StreamName } from "./stream-name.ts";

/** All lists that are made by entries alone. */
export const listTable: readonly ListEntry[] = [
  ...organizationEntries,
  ...releaseEntries,
  ...alertEntries,
  ...projectEntries,
  ...issueEntries,
  segmentEntry,
];

const byStream = new Map(listTable.map((entry) => [entry.stream, entry]));

/** The entry of a stream, if it has one. */
export function listEntry(stream: StreamName): ListEntry | undefined {
  return byStream.get(stream);
}
