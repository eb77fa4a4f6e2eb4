import { column, toPaths } from "./column.ts";
import { tagValues } from "./common-columns.ts";
import type { StreamEntry } from "./stream-entry.ts";

const byId = [toPaths(["id"])];
const created = toPaths(["dateCreated"]);
const below = { parent: "issues", scope: "event:read", id: byId } as const;

const issues: StreamEntry = {
  name: "issues",
  summary: "The issues that had an event in the range, in any state",
  parent: "projects",
  path: "organizations/{org}/issues/",
  ...{ paging: "offset", scope: "event:read", id: byId, time: toPaths(["firstSeen"]) },
  ...{ bounds: true, filters: ["project", "environment", "query"], bare: true },
  key: { name: "issueId", paths: toPaths(["id"]) },
  columns: [
    column("id", "text"),
    column("short_id", "text", "shortId"),
    column("project", "text", ["project", "slug"]),
    column("title", "text"),
    column("culprit", "text"),
    column("level", "text"),
    column("status", "text"),
    column("substatus", "text"),
    column("priority", "text"),
    column("category", "text", "issueCategory"),
    column("type", "text", "issueType", "type"),
    column("platform", "text"),
    column("events", "int", "count"),
    column("users", "int", "userCount"),
    column("first_seen", "time", "firstSeen"),
    column("last_seen", "time", "lastSeen"),
    column("assigned_to", "text", ["assignedTo", "email"], ["assignedTo", "name"]),
    column("link", "text", "permalink"),
    column("metadata", "json"),
  ],
  display: {
    ...{ time: ["last_seen"], level: ["level"], title: ["title", "short_id"] },
    ...{ where: ["culprit", "project"], user: ["assigned_to"] },
  },
};

/** A single issue: more than its row in the list, under the same names. */
export const issueDetail: StreamEntry = {
  ...{ ...issues, paging: "one", path: "organizations/{org}/issues/{issueId}/" },
  ...{ bounds: false, filters: [] },
};

/**
 * Issues, and what belongs to each. Old servers and GlitchTip have the paths of an issue without the
 * organisation in front.
 *
 * Source: https://docs.sentry.io/api/events
 */
export const issueStreams: readonly StreamEntry[] = [
  issues,
  {
    name: "issue-hashes",
    summary: "The fingerprints that were grouped into an issue",
    path: "organizations/{org}/issues/{issueId}/hashes/",
    ...{ ...below, paging: "offset" },
    columns: [column("id", "text"), column("latest_event", "text", ["latestEvent", "eventID"])],
    display: { title: ["id"] },
  },
  {
    name: "issue-tags",
    summary: "The tags of an issue, each with its most frequent values",
    path: "organizations/{org}/issues/{issueId}/tags/",
    ...{ ...below, paging: "all", id: [toPaths(["key"])] },
    filters: ["environment"],
    key: { name: "tagKey", paths: toPaths(["key"]) },
    columns: [
      column("key", "text"),
      column("name", "text"),
      column("events", "int", "totalValues"),
      column("unique_values", "int", "uniqueValues"),
      column("top_values", "json", "topValues"),
    ],
    display: { title: ["key", "name"] },
  },
  {
    name: "issue-tag-values",
    summary: "All values of a tag in an issue",
    path: "organizations/{org}/issues/{issueId}/tags/{tagKey}/values/",
    ...{ ...below, paging: "offset", ...tagValues },
    filters: ["environment"],
    parent: "issue-tags",
  },
  {
    name: "issue-comments",
    summary: "The comments on an issue",
    path: "organizations/{org}/issues/{issueId}/comments/",
    ...{ ...below, paging: "keyset", time: created },
    columns: [
      column("id", "text"),
      column("text", "text", ["data", "text"]),
      column("user", "text", ["user", "email"], ["user", "name"]),
      column("created", "time", "dateCreated"),
    ],
    display: { title: ["text"], user: ["user"] },
  },
  {
    name: "external-issues",
    summary: "The tickets elsewhere that an issue is linked with",
    path: "organizations/{org}/issues/{issueId}/external-issues/",
    ...{ ...below, paging: "all" },
    columns: [
      column("id", "text"),
      column("service", "text", "serviceType"),
      column("name", "text", "displayName"),
      column("link", "text", "webUrl"),
    ],
    display: { title: ["name"], where: ["service"] },
  },
  {
    name: "attachments",
    summary: "The files that were attached to the events of an issue",
    path: "organizations/{org}/issues/{issueId}/attachments/",
    ...{ ...below, paging: "keyset", time: created, byTime: true },
    file: {
      path: "projects/{org}/{project}/events/{eventId}/attachments/{attachmentId}/",
      ids: { eventId: toPaths(["event_id"]), attachmentId: toPaths(["id"]) },
      scope: "project:read",
    },
    columns: [
      column("id", "text"),
      column("event_id", "text", "event_id"),
      column("name", "text"),
      column("type", "text"),
      column("mime_type", "text", "mimetype"),
      column("size", "int"),
      column("sha1", "text"),
      column("created", "time", "dateCreated"),
    ],
    display: { title: ["name"], where: ["type"] },
  },
];
