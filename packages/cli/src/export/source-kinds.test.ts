import { expect, test } from "vitest";
import { ndjsonJob } from "./ndjson-job.ts";
import { sentryJob } from "./sentry-job.ts";
import { sourceKind } from "./source-kinds.ts";

test("sourceKind() opens the source that a job names", async () => {
  const options = { headers: {}, token: "sntryu_x" };
  const sentry = sentryJob({ url: "https://sentry.io", org: "acme" });
  expect((await sourceKind(sentry).open(sentry, options)).identity).toBe("https://sentry.io acme");
  const ndjson = ndjsonJob({ files: ["/a.ndjson"], stream: "events" });
  expect((await sourceKind(ndjson).open(ndjson, {})).identity).toContain("/a.ndjson");
  expect(sourceKind(ndjson).describe(ndjson)).toEqual([]);
});

test("sourceKind() refuses a source that this version does not know", () => {
  for (const name of ["jira", "constructor"]) {
    expect(() => sourceKind({ name, options: null })).toThrow(
      expect.objectContaining({ code: "SOURCE_UNKNOWN" }),
    );
  }
});
