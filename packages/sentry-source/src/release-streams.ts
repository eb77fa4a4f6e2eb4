import { column, toPaths } from "./column.ts";
import { commitColumns } from "./common-columns.ts";
import type { StreamEntry } from "./stream-entry.ts";

const scope = "project:read";
const byId = [toPaths(["id"])];
const created = toPaths(["dateCreated"]);

/**
 * Releases, and what belongs to each.
 *
 * Source: https://docs.sentry.io/api/releases
 */
export const releaseStreams: readonly StreamEntry[] = [
  {
    name: "releases",
    summary: "The releases of the organisation",
    path: "organizations/{org}/releases/",
    ...{ paging: "offset", scope, id: [toPaths(["version"])], time: created },
    filters: ["project", "environment"],
    key: { name: "releaseVersion", paths: toPaths(["version"]) },
    columns: [
      column("id", "text"),
      column("version", "text"),
      column("short_version", "text", "shortVersion"),
      column("status", "text"),
      column("created", "time", "dateCreated"),
      column("released", "time", "dateReleased"),
      column("first_event", "time", "firstEvent"),
      column("last_event", "time", "lastEvent"),
      column("new_issues", "int", "newGroups"),
      column("commits", "int", "commitCount"),
      column("deploys", "int", "deployCount"),
      column("projects", "json"),
    ],
    display: { title: ["version"], where: ["status"] },
  },
  {
    name: "release-commits",
    summary: "The commits of a release",
    parent: "releases",
    path: "organizations/{org}/releases/{releaseVersion}/commits/",
    ...{ paging: "offset", scope, id: byId, time: created },
    columns: commitColumns,
    display: { title: ["message", "id"], user: ["author_email"] },
  },
  {
    name: "release-deploys",
    summary: "Where and when a release was deployed",
    parent: "releases",
    path: "organizations/{org}/releases/{releaseVersion}/deploys/",
    ...{ paging: "offset", scope, id: byId, time: toPaths(["dateFinished"]) },
    columns: [
      column("id", "text"),
      column("environment", "text"),
      column("name", "text"),
      column("url", "text"),
      column("started", "time", "dateStarted"),
      column("finished", "time", "dateFinished"),
    ],
    display: { title: ["environment", "name"] },
  },
  {
    name: "release-files",
    summary: "The files that were uploaded with a release",
    parent: "releases",
    path: "organizations/{org}/releases/{releaseVersion}/files/",
    ...{ paging: "offset", scope, id: byId, time: created },
    columns: [
      column("id", "text"),
      column("name", "text"),
      column("dist", "text"),
      column("size", "int"),
      column("sha1", "text"),
      column("created", "time", "dateCreated"),
    ],
    display: { title: ["name"] },
  },
];
