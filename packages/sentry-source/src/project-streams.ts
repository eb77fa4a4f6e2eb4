import { column, toPaths } from "./column.ts";
import { tagValues } from "./common-columns.ts";
import type { StreamEntry } from "./stream-entry.ts";

const byId = [toPaths(["id"])];
const created = toPaths(["dateCreated"]);
const below = { parent: "projects", scope: "project:read", id: byId } as const;
const list = { ...below, paging: "offset" } as const;

/**
 * The settings of a project, and what its users say.
 *
 * Source: https://docs.sentry.io/api/projects and the pages beside it
 */
export const projectStreams: readonly StreamEntry[] = [
  {
    name: "project-details",
    summary: "A project with all of its settings",
    path: "projects/{org}/{project}/",
    ...{ ...below, paging: "one", time: created, bare: true },
    columns: [
      column("id", "text"),
      column("slug", "text"),
      column("name", "text"),
      column("platform", "text"),
      column("created", "time", "dateCreated"),
      column("options", "json"),
    ],
    display: { title: ["slug", "name"], where: ["platform"] },
  },
  {
    name: "project-keys",
    summary: "The client keys (DSN) of a project, with their secrets",
    path: "projects/{org}/{project}/keys/",
    ...{ ...list, time: created },
    columns: [
      column("id", "text"),
      column("name", "text", "name", "label"),
      column("dsn", "text", ["dsn", "public"]),
      column("active", "bool", "isActive"),
      column("created", "time", "dateCreated"),
      column("rate_limit", "json", "rateLimit"),
    ],
    display: { title: ["name"], where: ["dsn"] },
  },
  {
    name: "project-filters",
    summary: "Which events a project does not take",
    path: "projects/{org}/{project}/filters/",
    ...{ ...below, paging: "all" },
    columns: [column("id", "text"), column("active", "json")],
    display: { title: ["id"], level: ["active"] },
  },
  {
    name: "project-ownership",
    summary: "The rules that say who owns the issues of a project",
    path: "projects/{org}/{project}/ownership/",
    ...{ ...below, paging: "one", id: [], time: created },
    columns: [
      column("raw", "text"),
      column("active", "bool", "isActive"),
      column("auto_assignment", "text", "autoAssignment"),
      column("updated", "time", "lastUpdated"),
    ],
    display: { title: ["raw"] },
  },
  {
    name: "project-environments",
    summary: "The environments of a project, hidden ones as well",
    path: "projects/{org}/{project}/environments/",
    params: { visibility: "all" },
    ...{ ...below, paging: "all" },
    columns: [column("id", "text"), column("name", "text"), column("hidden", "bool", "isHidden")],
    display: { title: ["name"] },
  },
  {
    name: "project-tags",
    summary: "The tags that the events of a project have",
    path: "projects/{org}/{project}/tags/",
    ...{ ...below, paging: "all", id: [toPaths(["key"])] },
    key: { name: "tagKey", paths: toPaths(["key"]) },
    columns: [
      column("key", "text"),
      column("name", "text"),
      column("unique_values", "int", "uniqueValues"),
    ],
    display: { title: ["key", "name"] },
  },
  {
    name: "project-tag-values",
    summary: "The values of a tag in a project",
    path: "projects/{org}/{project}/tags/{tagKey}/values/",
    ...{ ...list, ...tagValues },
    parent: "project-tags",
  },
  {
    name: "project-hooks",
    summary: "The service hooks of a project, with their secrets",
    path: "projects/{org}/{project}/hooks/",
    ...{ ...list, time: created },
    columns: [
      column("id", "text"),
      column("url", "text"),
      column("status", "text"),
      column("created", "time", "dateCreated"),
      column("events", "json"),
    ],
    display: { title: ["url"], where: ["status"] },
  },
  {
    name: "project-users",
    summary: "The users that a project has seen",
    path: "projects/{org}/{project}/users/",
    ...{ ...list, time: created },
    columns: [
      column("id", "text"),
      column("user_id", "text", "identifier", "tagValue"),
      column("email", "text"),
      column("username", "text"),
      column("name", "text"),
      column("ip_address", "text", "ipAddress"),
      column("created", "time", "dateCreated"),
    ],
    display: { title: ["email", "username", "name", "user_id", "ip_address"] },
  },
  {
    name: "project-members",
    summary: "The members of the organisation who are in a team of a project",
    path: "projects/{org}/{project}/members/",
    ...{ ...list, time: created },
    columns: [
      column("id", "text"),
      column("email", "text"),
      column("name", "text"),
      column("role", "text", "orgRole", "role"),
      column("created", "time", "dateCreated"),
    ],
    display: { title: ["email", "name"], where: ["role"] },
  },
  {
    name: "project-teams",
    summary: "The teams of a project",
    path: "projects/{org}/{project}/teams/",
    ...{ ...list, time: created },
    columns: [
      column("id", "text"),
      column("slug", "text"),
      column("name", "text"),
      column("members", "int", "memberCount"),
    ],
    display: { title: ["slug", "name"] },
  },
  {
    name: "issue-alert-rules",
    summary: "The issue alert rules of a project",
    path: "projects/{org}/{project}/rules/",
    ...{ ...list, time: created },
    columns: [
      column("id", "text"),
      column("name", "text"),
      column("environment", "text"),
      column("status", "text"),
      column("created", "time", "dateCreated"),
      column("conditions", "json"),
      column("filters", "json"),
      column("actions", "json"),
    ],
    display: { title: ["name"], where: ["environment"] },
  },
  {
    name: "symbol-sources",
    summary: "Where a project gets debug symbols from",
    path: "projects/{org}/{project}/symbol-sources/",
    ...{ ...below, paging: "all" },
    columns: [column("id", "text"), column("name", "text"), column("type", "text")],
    display: { title: ["name"], where: ["type"] },
  },
  {
    name: "debug-files",
    summary: "The debug information files that were uploaded to a project",
    path: "projects/{org}/{project}/files/dsyms/",
    ...{ ...list, time: created },
    columns: [
      column("id", "text"),
      column("name", "text", "objectName"),
      column("debug_id", "text", "debugId", "uuid"),
      column("type", "text", "symbolType"),
      column("cpu", "text", "cpuName"),
      column("size", "int"),
      column("sha1", "text"),
      column("created", "time", "dateCreated"),
    ],
    display: { title: ["name", "debug_id"], where: ["type"] },
  },
  {
    name: "user-feedback",
    summary: "What users wrote after an error",
    path: "projects/{org}/{project}/user-feedback/",
    ...{ ...list, paging: "keyset", time: created, byTime: true },
    columns: [
      column("id", "text"),
      column("event_id", "text", "eventID", ["event", "eventID"]),
      column("issue_id", "text", ["issue", "id"]),
      column("name", "text"),
      column("email", "text"),
      column("comments", "text"),
      column("created", "time", "dateCreated"),
    ],
    display: { title: ["comments"], user: ["email", "name"] },
  },
];
