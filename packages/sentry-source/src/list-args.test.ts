import { expect, test } from "vitest";
import { childSlices, type ListArgs } from "./list-args.ts";
import type { Server } from "./server.ts";

const server: Server = {
  origin: "https://sentry.example",
  org: "acme",
  kind: "glitchtip",
  orgIssues: false,
  count: false,
};

/** The values of a tag of an issue. Ids of GlitchTip begin at 1, of projects as of issues. */
function keysOf(issueId: string, tag: string): string[] {
  const args: ListArgs = {
    ...{ kind: "list", stream: "issue-tags", streams: ["issue-tag-values"], server },
    window: { start: "2026-01-01T00:00:00Z", end: "2026-02-01T00:00:00Z" },
    ...{ filter: { query: "", environment: [] }, projects: [], asked: true, chosen: true },
    ...{ project: { slug: "web", id: "1" }, parents: { issueId } },
  };
  return childSlices(args, { key: tag }).map(({ key }) => key);
}

test("childSlices() names parts apart whose parents have the same ids in another order", () => {
  expect(keysOf("1", "5")).toEqual(["issue-tag-values/web/1/5"]);
  expect(keysOf("5", "1")).toEqual(["issue-tag-values/web/5/1"]);
  expect(keysOf("5", "a/b")).toEqual(["issue-tag-values/web/5/a%2Fb"]);
});
