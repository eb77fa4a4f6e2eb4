// Exports in one process, thousands of them, of events whose times, pages, arrivals and crashes are arbitrary.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Source } from "@decant/core";
import { type Job, type Manifest, readState, resumeExport, runExport } from "@decant/pipeline";
import { createSentrySource } from "@decant/sentry-source";
import { type SimulatedSentry, simulateSentry } from "@decant/simulator";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Crash, createMemorySink, type MemoryOutput } from "./support/memory-sink.ts";
import { sha256Of } from "./support/rows.ts";

const cases = Number(process.env["CASES"] ?? 4_000);
const present = Date.parse("2026-03-01T00:00:00Z");
const range = { to: "2026-02-28T23:50:00Z" };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "decant-windows-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Seconds before the end of the range. Many share one. */
const ages = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 24 }),
  fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 24 }),
  fc.array(fc.integer({ min: 1, max: 80 * 86_400 }), { maxLength: 16 }),
);

const worlds = fc.record({
  seed: fc.nat(1_000_000),
  flavor: fc.constantFrom("saas", "saas", "self-hosted", "old", "glitchtip"),
  pageRows: fc.integer({ min: 1, max: 8 }),
  issues: fc.array(ages, { minLength: 1, maxLength: 3 }),
  wholeProject: fc.boolean(),
  /** Events that arrive once so many requests were answered, so long before the end of the range. */
  arrivals: fc.array(
    fc.record({
      after: fc.integer({ min: 5, max: 40 }),
      issue: fc.nat(2),
      age: fc.integer({ min: -10, max: 120 }),
    }),
    { maxLength: 5 },
  ),
  shuffleTies: fc.boolean(),
  duplicateRows: fc.constantFrom(0, 0.1),
  shortPages: fc.constantFrom(0, 0.2),
  serverError: fc.constantFrom(0, 0.05),
  /** After how many steps of the sink it dies, once for each number. */
  crashes: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 3 }),
});
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function createWorld(world: World): SimulatedSentry {
  const sentry = simulateSentry({
    seed: world.seed,
    flavor: world.flavor,
    clamp: world.pageRows,
    eventBytes: "tiny",
    now: () => present,
    limits: false,
    projects: [{ slug: "web", issues: world.issues.map(() => ({ events: 0 })) }],
    faults: {
      // Where the server does not count, nothing proves a second of several pages in changing order.
      shuffleTies: world.shuffleTies && world.flavor !== "old",
      duplicateRows: world.duplicateRows,
      shortPages: world.shortPages,
      serverError: world.serverError,
      maxConsecutive: 1,
    },
  });
  for (const [index, some] of world.issues.entries()) {
    for (const age of some) {
      const time = Date.parse(range.to) - age * 1_000;
      sentry.addEvents(sentry.issues[index]!.id, 1, { time, received: time });
    }
  }
  return sentry;
}

/** The server's answers, with events that arrive between them. */
function fetchOf(sentry: SimulatedSentry, { arrivals }: World): typeof globalThis.fetch {
  let answered = 0;
  return async (input, init) => {
    answered += 1;
    for (const { after, issue, age } of arrivals) {
      if (after !== answered) continue;
      const { id } = sentry.issues[issue % sentry.issues.length]!;
      const time = Date.parse(range.to) - age * 1_000;
      sentry.addEvents(id, 1, { time, received: present });
    }
    return await sentry.fetch(input, init);
  };
}

function sourceOf(
  sentry: SimulatedSentry,
  { wholeProject }: World,
  fetch: typeof globalThis.fetch,
): Source {
  return createSentrySource({
    url: sentry.url,
    token: sentry.token,
    org: sentry.org,
    ...(wholeProject ? { project: "web" } : { issues: sentry.issues.map(({ id }) => id) }),
    fetch,
    now: () => present,
    retry: { sleep: async () => {}, random: () => 0.5 },
  });
}

/** Runs an export to its end, and again after each crash. */
async function exportAll(
  sentry: SimulatedSentry,
  world: World,
  state: string,
): Promise<{ manifest: Manifest; output: MemoryOutput }> {
  const crashes = [...world.crashes];
  let steps = 0;
  const output = createMemorySink(() => crashes.length > 0 && ++steps >= crashes[0]!);
  const job: Job = {
    source: { name: "sentry", options: {} },
    sink: { name: "memory", options: {}, destination: "memory" },
    range,
  };
  const fetch = fetchOf(sentry, world);
  for (;;) {
    const source = sourceOf(sentry, world, fetch);
    const options = { source, sink: output.plugin, state, concurrency: 4, now: () => present };
    try {
      const begun = await readState(state).catch(() => undefined);
      const resumable = begun?.kind === "journal" && begun.rows > 0;
      const manifest = await (resumable ? resumeExport(options) : runExport({ ...options, job }));
      return { manifest, output };
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      crashes.shift();
      steps = 0;
    }
  }
}

function inRange(sentry: SimulatedSentry): Map<string, string> {
  const served = new Map<string, string>();
  for (const event of sentry.events()) {
    if (event.time < range.to) served.set(`${event.projectId}/${event.id}`, sha256Of(event.json));
  }
  return served;
}

test(`${cases} exports of arbitrary events are what the server has, through arrivals and crashes`, async () => {
  let number = 0;
  let partial = 0;
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const sentry = createWorld(world);
      const before = inRange(sentry);
      const state = join(folder, `${number++}.decant`);
      const { manifest, output } = await exportAll(sentry, world, state);
      const rows = output.rows.get("events") ?? [];
      const held = new Map(rows.map(({ id, json }) => [id, sha256Of(json)]));
      expect(held.size, "no row twice").toBe(rows.length);
      const after = inRange(sentry);
      for (const [id, hash] of held)
        expect(after.get(id), `event ${id} is the server's`).toBe(hash);
      expect(manifest.rows).toBe(rows.length);
      if (manifest.status === "partial") {
        partial += 1;
        expect(manifest.notes.join()).toMatch(/in (each of )?\d+ passes/);
      } else {
        expect(manifest.status).toBe("complete");
        for (const [id, hash] of before) expect(held.get(id), `event ${id} is there`).toBe(hash);
      }
      await rm(state);
    }),
    { numRuns: cases },
  );
  expect(partial).toBeLessThan(cases / 50);
}, 600_000);
