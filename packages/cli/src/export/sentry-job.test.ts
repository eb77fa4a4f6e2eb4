import { expect, test } from "vitest";
import { describeFilters, openSentry, readSentryJob, sentryJob } from "./sentry-job.ts";

const options = {
  url: "https://sentry.io",
  org: "acme",
  issues: ["WEB-1A"],
  environment: ["prod"],
};

test("readSentryJob() gives back what was stored, over JSON", () => {
  expect(readSentryJob(JSON.parse(JSON.stringify(sentryJob(options))))).toEqual(options);
});

test("readSentryJob() refuses what this version did not store", () => {
  for (const stored of [null, {}, { url: 1 }]) {
    expect(() => readSentryJob({ name: "sentry", options: stored })).toThrow(
      expect.objectContaining({ code: "STATE_CORRUPT" }),
    );
  }
});

test("openSentry() makes the source of what was stored", async () => {
  const source = await openSentry(sentryJob(options), { token: "sntryu_x" });
  expect(source.identity).toBe("https://sentry.io acme");
});

test("describeFilters() tells what is left out", () => {
  expect(describeFilters(sentryJob({ ...options, query: "level:error" }))).toEqual([
    "only of environment prod",
    'only what matches "level:error"',
  ]);
  expect(describeFilters(sentryJob({ url: "https://sentry.io" }))).toEqual([]);
});
