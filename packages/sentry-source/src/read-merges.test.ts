import { startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { exportAll } from "./testing/export-all.ts";
import { redirected, sourceOf } from "./testing/simulated.ts";

const projects = [{ slug: "web", issues: [{ events: 5 }, { events: 5 }, { events: 5 }] }];
const small = { limits: false, eventBytes: 300, projects } as const;

test("readMerges() tells that rows may be there twice when an issue was merged after it was read", async () => {
  for (const flavor of ["saas", "old", "glitchtip"] as const) {
    await using sentry = await startSentry({ ...small, flavor });
    const [read, other, third] = sentry.issues.map(({ id }) => id);
    for (const options of [{ project: "web" }, { issues: [read!, other!, third!] }]) {
      const { ends } = await exportAll(sourceOf(sentry, options));
      expect(ends.get("merges")).toEqual({ why: "complete" });
    }
    let merged = false;
    const { fetch } = redirected(sentry, ({ pathname }) => {
      // Once all three were listed and the first was asked for, as the last of them is.
      if (!merged && pathname.endsWith(`/issues/${third}/events/`)) {
        sentry.mergeIssues(read!, other!);
        merged = true;
      }
      return undefined;
    });
    const { ends } = await exportAll(sourceOf(sentry, { project: "web", fetch }));
    expect(ends.get("merges")).toMatchObject({ why: "hole" });
    expect(ends.get("merges")?.detail).toContain(`${read} into ${other}`);
  }
});

test("readMerges() has nothing to tell where the other issue was not read", async () => {
  await using sentry = await startSentry(small);
  const [read, other, third] = sentry.issues.map(({ id }) => id);
  const { fetch } = redirected(sentry, ({ pathname }) => {
    if (pathname.endsWith(`/issues/${third}/events/`) && sentry.issues.length > 0) {
      if ([...sentry.events(read!)].length > 0) sentry.mergeIssues(read!, other!);
    }
    return undefined;
  });
  const { ends } = await exportAll(sourceOf(sentry, { issues: [read!, third!], fetch }));
  expect(ends.get("merges")).toEqual({ why: "complete" });
});

test("readMerges() names an issue that is gone, since a merge under way looks the same", async () => {
  await using sentry = await startSentry(small);
  const [read, , third] = sentry.issues.map(({ id }) => id);
  const { fetch } = redirected(sentry, ({ pathname }) => {
    if (pathname.endsWith(`/issues/${third}/events/`)) sentry.removeIssue(read!);
    return undefined;
  });
  const { ends } = await exportAll(sourceOf(sentry, { project: "web", fetch }));
  expect(ends.get("merges")?.detail).toContain(read);
});
