import { isoTime } from "./iso-time.ts";
import { rawJson } from "./json-text.ts";
import { everywhere, type ListEntry, longKnown, type RowOrigin } from "./list-entry.ts";
import { hex } from "./random.ts";
import { environmentNames, oddMessages } from "./sample-text.ts";

const below = "projects/:org/:project";
const project = { scopes: ["project"], flavors: longKnown } as const;
const filters = ["browser-extensions", "localhost", "filtered-transaction", "web-crawlers"];
const tagKeys = ["browser.name", "environment", "level", "release", "server_name", "ünï.code"];

/** What belongs to a project. */
export const projectEntries: readonly ListEntry[] = [
  {
    ...{ ...project, stream: "project-keys", path: `${below}/keys/`, paging: "pages", rows: 2 },
    flavors: everywhere,
    make: projectKey,
  },
  {
    ...{ ...project, stream: "project-filters", path: `${below}/filters/`, paging: "all" },
    rows: filters.length,
    make: ({ nth }) => ({
      ...{
        id: filters[nth % filters.length]!,
        active: nth === 3 ? ["ie9", "opera_pre_15"] : false,
      },
    }),
  },
  {
    ...{ ...project, stream: "project-ownership", path: `${below}/ownership/`, paging: "one" },
    ...{ rows: 1, id: "raw" },
    make: ({ time }) => ({
      ...{ raw: "path:src/* #crew\nurl:*/支付/* zoe@example.com", fallthrough: true },
      ...{ dateCreated: isoTime(time), lastUpdated: isoTime(time), isActive: true },
      ...{ autoAssignment: "Auto Assign to Issue Owner", codeownersAutoSync: true, schema: null },
    }),
  },
  {
    ...{ ...project, stream: "project-environments", path: `${below}/environments/` },
    ...{ paging: "all", rows: environmentNames.length, flavors: everywhere },
    hidden: "retired",
    make: ({ id, nth }) => ({
      ...{ id, name: environmentNames[nth % environmentNames.length]!, isHidden: false },
    }),
  },
  {
    ...{ ...project, stream: "project-tags", path: `${below}/tags/`, paging: "all" },
    ...{ rows: tagKeys.length, id: "key" },
    make: ({ nth, random }) => ({
      ...{ key: tagKey(nth), name: `Tag ${nth}`, canDelete: nth % 2 === 0 },
      uniqueValues: random % 5_000,
    }),
  },
  {
    ...{ ...project, stream: "project-tag-values", path: `${below}/tags/:tag/values/` },
    ...{ parent: "project-tags", paging: "keyset", rows: 3, id: "value" },
    most: 1_000,
    make: tagValue,
  },
  {
    ...{ ...project, stream: "project-hooks", path: `${below}/hooks/`, paging: "pages", rows: 2 },
    make: ({ seed, random, time }) => ({
      ...{ id: hex(seed, random, 32), url: "https://example.com/hook", secret: hex(2, random, 64) },
      ...{ status: "active", events: ["event.alert"], dateCreated: isoTime(time) },
    }),
  },
  {
    ...{ ...project, stream: "project-users", path: `${below}/users/`, paging: "pages", rows: 3 },
    make: ({ id, nth, time, seed, random }) => ({
      ...{ id, tagValue: `id:${nth}`, identifier: rawJson(`900719925474099${3 + (nth % 6)}`) },
      ...{ username: null, email: `user${nth}@example.com`, name: oddMessages[nth % 10]![1] },
      ...{ ipAddress: "203.0.113.7", hash: hex(seed, random, 32), dateCreated: isoTime(time) },
      avatarUrl: null,
    }),
  },
  {
    ...{ ...project, stream: "project-members", path: `${below}/members/`, paging: "all", rows: 3 },
    make: ({ id, nth, time }) => ({
      ...{ id, email: `user${nth}@example.com`, name: `User ${nth}`, orgRole: "member" },
      ...{ pending: false, expired: false, dateCreated: isoTime(time), inviteStatus: "approved" },
    }),
  },
  {
    ...{ ...project, stream: "project-teams", path: `${below}/teams/`, paging: "pages", rows: 2 },
    make: ({ id, nth, time }) => ({
      ...{ id, slug: `crew-${nth}`, name: `Crew ${nth}`, dateCreated: isoTime(time) },
      ...{ isMember: true, hasAccess: true, memberCount: nth, isPending: false },
    }),
  },
  {
    ...{ stream: "issue-alert-rules", path: `${below}/rules/`, scopes: ["project", "alerts"] },
    ...{ paging: "pages", rows: 2, flavors: longKnown },
    make: ({ id, nth, time, project: { slug } }) => ({
      ...{ id, name: `Rule ${nth}`, conditions: [], filters: [], actions: [{ uuid: null }] },
      ...{ actionMatch: "any", filterMatch: "all", frequency: 1440, dateCreated: isoTime(time) },
      ...{ owner: null, createdBy: null, environment: null, projects: [slug], status: "active" },
    }),
  },
  {
    ...{ ...project, stream: "symbol-sources", path: `${below}/symbol-sources/`, paging: "all" },
    rows: 2,
    make: ({ nth }) => ({
      ...{ id: `source-${nth}`, name: `Symbols ${nth}`, type: "http", url: "https://sym.example" },
      layout: { type: "native", casing: "default" },
    }),
  },
  {
    ...{ stream: "debug-files", path: `${below}/files/dsyms/`, paging: "pages", rows: 3, size: 20 },
    ...{ scopes: ["project", "project:releases", "org:ci"], flavors: longKnown },
    make: ({ id, nth, seed, random, time }) => ({
      ...{ id, uuid: hex(seed, random, 32), debugId: hex(seed, random, 32), codeId: null },
      ...{ cpuName: "any", objectName: `lib${nth}.so`, symbolType: "elf", size: random },
      ...{ headers: { "Content-Type": "application/x-elf-binary" }, sha1: hex(seed, random, 40) },
      ...{ dateCreated: isoTime(time), data: { features: ["debug"] } },
    }),
  },
  {
    ...{ ...project, stream: "user-feedback", path: `${below}/user-feedback/`, paging: "keyset" },
    ...{ rows: 3, bounds: true },
    make: ({ id, nth, seed, random, time }) => ({
      ...{ id, eventID: hex(seed, random, 32), name: "Zoë", email: "zoe@example.com" },
      ...{ comments: oddMessages[nth % 10]![1], dateCreated: isoTime(time), issue: null },
      ...{ user: null, event: { id: hex(seed, random, 32), eventID: hex(seed, random, 32) } },
    }),
  },
];

/** The tag of a row that lists tags. */
export function tagKey(nth: number): string {
  return tagKeys[nth] ?? `tag-${nth}`;
}

/** One value of a tag. */
export function tagValue({ nth, random, time, parents }: RowOrigin) {
  const value = oddMessages[nth]?.[1] ?? `value ${nth}`;
  return {
    ...{ key: parents["tag"], name: value, value, count: random % 9_000 },
    ...{ lastSeen: isoTime(time), firstSeen: isoTime(time - 86_400_000) },
  };
}

function projectKey({ seed, nth, random, time, project: { id } }: RowOrigin) {
  const key = hex(seed, random, 32);
  const dsn = `https://${key}@o4500000000000001.ingest.example.com/${id}`;
  return {
    ...{ id: key, name: nth === 0 ? "Default" : `Key ${nth}`, label: "Default", public: key },
    ...{ secret: hex(seed ^ 1, random, 32), projectId: rawJson(id), isActive: nth === 0 },
    ...{ rateLimit: nth === 0 ? null : { window: 7_200, count: 1_000 }, dsn: { public: dsn } },
    ...{ browserSdkVersion: "9.x", dateCreated: isoTime(time), useCase: "user" },
  };
}
