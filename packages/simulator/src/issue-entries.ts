import { attachmentBytes, sha1 } from "./attachment-bytes.ts";
import { isoTime } from "./iso-time.ts";
import { rawJson } from "./json-text.ts";
import { everywhere, type ListEntry, longKnown } from "./list-entry.ts";
import { tagKey, tagValue } from "./project-entries.ts";
import { hex } from "./random.ts";
import { oddMessages } from "./sample-text.ts";

const below = "organizations/:org/issues/:issue";
const issue = { scopes: ["event"], flavors: longKnown } as const;
const attachmentTypes = [
  ["event.attachment", "log.txt", "text/plain"],
  ["event.minidump", "crash.dmp", "application/x-dmp"],
  ["event.attachment", "../スクリーン ショット.png", "image/png"],
] as const;

/** What belongs to an issue. The paths are there without the organisation too. */
export const issueEntries: readonly ListEntry[] = [
  {
    ...{ ...issue, stream: "issue-hashes", path: `${below}/hashes/`, paging: "rows", rows: 2 },
    flavors: everywhere,
    make: ({ seed, random, event, project, issue: owner }) => ({
      id: hex(seed, random, 32),
      latestEvent: {
        id: event ?? null,
        eventID: event ?? null,
        groupID: owner?.id ?? null,
        projectID: project.id,
      },
      mergedBySeer: false,
    }),
  },
  {
    ...{ ...issue, stream: "issue-tags", path: `${below}/tags/`, paging: "all", rows: 4 },
    ...{ id: "key", flavors: everywhere },
    make: ({ nth, random }) => ({
      ...{ key: tagKey(nth), name: `Tag ${nth}`, totalValues: random % 900, topValues: [] },
    }),
  },
  {
    ...{ ...issue, stream: "issue-tag-values", path: `${below}/tags/:tag/values/` },
    ...{ parent: "issue-tags", paging: "keyset", rows: 3, id: "value" },
    most: 1_000,
    make: tagValue,
  },
  {
    ...{
      ...issue,
      stream: "issue-comments",
      path: `${below}/comments/`,
      paging: "keyset",
      rows: 2,
    },
    flavors: everywhere,
    make: ({ id, nth, time, issue: owner }) => ({
      ...{
        id,
        type: "note",
        dateCreated: isoTime(time),
        issue: owner?.id ?? null,
        sentry_app: null,
      },
      data: { text: oddMessages[(nth + 2) % 10]![1], mentions: [rawJson("9007199254740993")] },
      user: { id: "1", name: "Zoë Ångström", email: "zoe@example.com" },
    }),
  },
  {
    ...{ ...issue, stream: "external-issues", path: `${below}/external-issues/`, paging: "all" },
    rows: 1,
    make: ({ id, issue: owner }) => ({
      ...{ id, issueId: owner?.id ?? null, serviceType: "app-0", displayName: "acme#7" },
      webUrl: "https://github.com/acme/shop-0/issues/7",
    }),
  },
  {
    ...{ ...issue, stream: "attachments", path: `${below}/attachments/`, paging: "keyset" },
    ...{ size: 20, rows: ({ event }) => (event === undefined ? 0 : 2) },
    make: ({ id, nth, time, event }) => {
      const [type, name, mimetype] = attachmentTypes[nth % attachmentTypes.length]!;
      const bytes = attachmentBytes(id);
      return {
        ...{ id, event_id: event ?? null, type, name, mimetype, size: bytes.byteLength },
        ...{ dateCreated: isoTime(time), headers: { "Content-Type": mimetype }, sha1: sha1(bytes) },
      };
    },
  },
];
