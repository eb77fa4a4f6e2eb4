import { startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { exportAll, untilNow } from "./testing/export-all.ts";
import { differences, none, oracle, redirected, sourceOf } from "./testing/simulated.ts";

const empty = {
  limits: false,
  eventBytes: 300,
  projects: [{ slug: "web", issues: [{ events: 0 }] }],
};

test("hasProjectBounds() takes an empty project for one whose range is ignored", async () => {
  for (const flavor of ["saas", "old"] as const) {
    await using sentry = await startSentry({ ...empty, flavor });
    const { id } = sentry.issues[0]!;
    const source = sourceOf(sentry, { project: "web", via: "project" });
    async function plan(...args: Parameters<typeof source.plan>) {
      const slices = await source.plan(...args);
      sentry.addEvents(id, 3, { time: Date.now() });
      return slices;
    }
    const { rows } = await exportAll({ ...source, plan });
    expect([...rows.keys()]).toEqual([]);
  }
});

test("hasProjectBounds() is not misled by the first event, which arrives as it asks", async () => {
  await using sentry = await startSentry({ ...empty, flavor: "old" });
  const { fetch } = redirected(sentry);
  async function busy(...input: Parameters<typeof globalThis.fetch>): Promise<Response> {
    const response = await fetch(...input);
    if (String(input[0]).includes("/web/events/")) {
      sentry.addEvents(sentry.issues[0]!.id, 1, { time: Date.now() });
    }
    return response;
  }
  const source = sourceOf(sentry, { project: "web", via: "project", fetch: busy });
  expect((await exportAll(source)).rows.size).toBe(0);
});

test("hasProjectBounds() tells events of the last second from a range that is ignored", async () => {
  const projects = [{ slug: "web", issues: [{ events: 30, spanSeconds: 3_000 }] }];
  for (const [flavor, kept] of [
    ["saas", true],
    ["old", false],
  ] as const) {
    await using sentry = await startSentry({ ...empty, projects, flavor });
    const [, , , event] = [...sentry.events()];
    const to = new Date(Date.parse(event!.time) + 1_000).toISOString();
    const source = sourceOf(sentry, { project: "web", via: "project" });
    const [slice] = await source.plan({ to }, { signal: new AbortController().signal });
    expect(slice!.args).toMatchObject({ bounds: kept ? "server" : "created" });
    expect((await exportAll(source, { range: { to } })).rows.size).toBe(27);
  }
});

test("hasProjectBounds() takes an event that cannot be shown for one", async () => {
  const projects = [{ slug: "web", issues: [{ events: 30 }] }];
  const calm = await startSentry({ ...empty, projects, flavor: "old" });
  const [newest] = [...calm.events()];
  await calm.close();
  const faults = { failEvent: [newest!.id] };
  await using sentry = await startSentry({ ...empty, projects, flavor: "old", faults });
  const range = { from: new Date(Date.now() - 20 * 86_400_000).toISOString(), ...untilNow() };
  const source = sourceOf(sentry, { project: "web", via: "project" });
  const { rows, ends } = await exportAll(source, { range });
  const within = new Map(
    [...oracle(sentry)].filter(([key]) =>
      [...sentry.events()].some(({ id, time }) => key.endsWith(id) && time >= range.from),
    ),
  );
  within.delete(`${newest!.projectId}/${newest!.id}`);
  expect(differences(rows, within)).toEqual(none);
  expect([...ends.values()]).toMatchObject([{ why: "hole", lost: 1 }]);
});
