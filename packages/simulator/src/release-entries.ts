import { isoTime } from "./iso-time.ts";
import { everywhere, type ListEntry, longKnown, type RowOrigin } from "./list-entry.ts";
import { hex } from "./random.ts";
import { environments } from "./sample-text.ts";

const below = "organizations/:org";
const scopes = ["project", "project:releases", "org:ci"];
const release = { parent: "releases", scopes, flavors: longKnown } as const;

/** Releases, repositories, and what belongs to them. */
export const releaseEntries: readonly ListEntry[] = [
  {
    ...{ stream: "releases", path: `${below}/releases/`, scopes, paging: "pages", rows: 5 },
    ...{ key: "version", flavors: everywhere, ofProject: true },
    make: releaseRow,
  },
  {
    ...{ ...release, stream: "release-commits", path: `${below}/releases/:release/commits/` },
    ...{ paging: "pages", rows: 3 },
    make: commit,
  },
  {
    ...{ ...release, stream: "release-deploys", path: `${below}/releases/:release/deploys/` },
    ...{ paging: "pages", rows: 2 },
    make: ({ id, nth, time }) => ({
      ...{ id, name: nth === 1 ? null : `deploy ${nth}`, url: null },
      ...{ environment: environments[nth % 2]!, dateStarted: null, dateFinished: isoTime(time) },
    }),
  },
  {
    ...{ ...release, stream: "release-files", path: `${below}/releases/:release/files/` },
    ...{ paging: "pages", rows: 2 },
    make: ({ id, nth, time, random, seed }) => ({
      ...{ id, name: `~/static/js/${nth}.js.map`, dist: null, headers: { sourcemap: "" } },
      ...{ size: random % 9_000_000, sha1: hex(seed, random, 40), dateCreated: isoTime(time) },
    }),
  },
  {
    ...{ stream: "repos", path: `${below}/repos/`, scopes: ["org", "org:integrations", "org:ci"] },
    ...{ paging: "pages", rows: 3, flavors: longKnown },
    make: ({ id, nth, time }) => ({
      ...{ id, name: `acme/shop-${nth}`, url: `https://github.com/acme/shop-${nth}` },
      ...{ provider: { id: "integrations:github", name: "GitHub" }, status: "active" },
      ...{ dateCreated: isoTime(time), integrationId: null, externalSlug: null, externalId: "1" },
    }),
  },
  {
    ...{ stream: "repo-commits", path: `${below}/repos/:repo/commits/`, parent: "repos" },
    ...{ scopes: ["org", "org:integrations", "org:ci"], paging: "keyset", rows: 4 },
    flavors: longKnown,
    make: commit,
  },
];

function releaseRow({ id, nth, time, project, random }: RowOrigin) {
  // A version may hold what paths and cursors are made of.
  const version = nth === 1 ? "shop/web@2.0.1+build: ✓" : `shop@2.${nth}.0`;
  return {
    ...{ id: Number(id), version, status: "open", shortVersion: version, ref: null, url: null },
    versionInfo: { package: "shop", version: { raw: version }, description: version },
    ...{ dateCreated: isoTime(time), dateReleased: nth % 2 === 0 ? null : isoTime(time + 60_000) },
    ...{ data: {}, newGroups: random % 50, owner: null, commitCount: 3, deployCount: 2 },
    ...{ firstEvent: null, lastEvent: null, lastCommit: null, lastDeploy: null, authors: [] },
    projects: [{ id: Number(project.id), slug: project.slug, name: project.slug }],
  };
}

function commit({ time, random, seed, nth }: RowOrigin) {
  return {
    ...{ id: hex(seed, random, 40), message: nth === 0 ? "Ship it 🚀\n\nAt last" : null },
    ...{ dateCreated: isoTime(time), suspectCommitType: "", pullRequest: null },
    author: { name: "Zoë Ångström", email: "zoe@example.com" },
  };
}
