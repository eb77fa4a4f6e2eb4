// A month of nightly exports: events come late, issues and releases change, some nights are cut short.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Job,
  type Manifest,
  nextRun,
  resumeExport,
  runExport,
  verifyExport,
} from "@decant/pipeline";
import { createSentrySource } from "@decant/sentry-source";
import { simulateSentry } from "@decant/simulator";
import { ndjsonSink } from "@decant/sink";
import { expect, test } from "vitest";
import { makeFolder } from "./support/decant.ts";
import { sha256Of } from "./support/rows.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const nights = 30;
const decoder = new TextDecoder();

/** Numbers from 0 up to 1 that are the same in each run of the test. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

test.each([1, 2, 3, 4])(
  "30 nightly runs hold each event once and each change of an issue or release, month %i",
  async (seed) => {
    const random = createRandom(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    let now = Date.parse("2026-03-01T02:00:00Z");
    const sentry = simulateSentry({
      seed,
      now: () => now,
      eventBytes: "tiny",
      limits: false,
      projects: ["web", "api", "app"].map((slug) => ({
        slug,
        issues: [{ events: 40 }, { events: 7, tieSeconds: 3_600 }, { events: 1 }],
      })),
      lists: { releases: 4 },
      faults: { serverError: 0.02, cutBody: 0.02, duplicateRows: 0.05, shuffleTies: true },
    });
    const folder = await makeFolder();
    const state = join(folder, "nightly.decant");
    const destination = join(folder, "nightly");
    const streams = ["events", "issues", "releases"];

    /** What happens in a day. Events may arrive three days late. */
    function live(): void {
      for (const { id } of sentry.issues) {
        const count = Math.floor(random() * 4);
        for (let i = 0; i < count; i++) {
          const age = random() < 0.3 ? random() * 3.5 * day : random() * day;
          sentry.addEvents(id, 1, { time: now - minute - age, received: now });
        }
      }
      sentry.changeRow("issues", pick(sentry.issues).id, {
        status: pick(["resolved", "ignored", "unresolved"]),
      });
      const release = pick([...sentry.rows("releases")]);
      sentry.changeRow("releases", release.id, { newGroups: Math.floor(random() * 1e6) });
      if (random() < 0.2) sentry.addRows("releases", 1);
      if (random() < 0.2)
        sentry.addIssue(pick(["web", "api", "app"]), { events: 3, spanSeconds: 60 });
    }

    let quiet = false;

    function open() {
      let left = !quiet && random() < 0.3 ? Math.floor(random() * 60) : Number.POSITIVE_INFINITY;
      const source = createSentrySource({
        url: sentry.url,
        token: sentry.token,
        org: sentry.org,
        streams,
        now: () => now,
        retry: { sleep: async () => {}, random },
        async fetch(input, init) {
          if (left-- <= 0) throw new TypeError("the network is gone");
          if (!quiet && random() < 0.02) {
            const time = now - minute - random() * 3 * day;
            sentry.addEvents(pick(sentry.issues).id, 1, { time, received: now });
          }
          return await sentry.fetch(input, init);
        },
        concurrency: 4,
      });
      return { source, sink: ndjsonSink, state, now: () => now };
    }

    async function night(): Promise<Manifest> {
      if ((await nextRun(state)).kind === "resume") await resumeExport(open());
      const job: Job = {
        source: { name: "sentry", options: { streams } },
        sink: { name: "ndjson", options: {}, destination },
        range: { to: new Date(now - minute).toISOString().replace(".000Z", "Z") },
      };
      return await runExport({ ...open(), job, incremental: { lookbackMs: 3 * day } });
    }

    let cut = 0;
    for (let count = 0; count < nights; count += 1) {
      now += day;
      live();
      try {
        const manifest = await night();
        expect(manifest.status).toBe("complete");
        expect(await verifyExport({ manifest, sink: ndjsonSink })).toMatchObject({ ok: true });
      } catch (error) {
        expect(error).toMatchObject({ code: "SOURCE_UNAVAILABLE" });
        cut += 1;
      }
    }
    expect(cut).toBeGreaterThan(2);
    quiet = true;
    now += day;
    expect((await night()).status).toBe("complete");

    const events = await rowsOf(destination, "events");
    const served = [...sentry.events()].filter(({ time }) => Date.parse(time) < now - minute);
    expect(events.map(sha256Of).sort()).toEqual(served.map(({ json }) => sha256Of(json)).sort());

    for (const stream of ["issues", "releases"] as const) {
      const versions = Map.groupBy(await rowsOf(destination, stream), idOf);
      const present = new Map(
        [...sentry.rows(stream)].map(({ json }) => [idOf(json), sha256Of(json)]),
      );
      expect([...versions.keys()].sort()).toEqual([...present.keys()].sort());
      for (const [id, rows] of versions) {
        const hashes = rows.map(sha256Of);
        expect(hashes.at(-1), `${stream} ${id} as it is now`).toBe(present.get(id));
        expect(hashes.every((hash, index) => hash !== hashes[index - 1])).toBe(true);
      }
      expect(Math.max(...[...versions.values()].map(({ length }) => length))).toBeGreaterThan(3);
    }
  },
  120_000,
);

test("later runs tell the statistics of their days, which begin before the look-back does", async () => {
  let now = Date.parse("2026-03-01T02:00:00Z");
  let sum = 0;
  const sentry = simulateSentry({
    now: () => now,
    limits: false,
    projects: [{ slug: "web", issues: [] }],
  });
  const folder = await makeFolder();
  const destination = join(folder, "stats");

  /** As the server does: a window of whole days around what is asked for. */
  function answer({ pathname, searchParams }: URL): Response | undefined {
    if (!pathname.endsWith("/stats_v2/")) return undefined;
    const [start, end] = [searchParams.get("start")!, searchParams.get("end")!].map(Date.parse);
    const at = (days: number) => new Date(days * day).toISOString().replace(".000Z", "Z");
    sum += 1;
    return Response.json({
      start: at(Math.floor(start! / day)),
      end: at(Math.ceil(end! / day)),
      sum,
    });
  }

  async function night(): Promise<Manifest> {
    const source = createSentrySource({
      url: sentry.url,
      token: sentry.token,
      org: sentry.org,
      streams: ["stats"],
      now: () => now,
      fetch: async (input, init) =>
        answer(new URL(input instanceof Request ? input.url : input)) ?? sentry.fetch(input, init),
    });
    const job: Job = {
      source: { name: "sentry", options: {} },
      sink: { name: "ndjson", options: {}, destination },
      range: { to: new Date(now).toISOString().replace(".000Z", "Z") },
    };
    const state = join(folder, "stats.decant");
    const incremental = { lookbackMs: hour };
    return await runExport({ source, sink: ndjsonSink, state, now: () => now, job, incremental });
  }

  for (const pause of [0, day, hour]) {
    now += pause;
    const manifest = await night();
    expect(manifest).toMatchObject({ status: "complete", rows: 1, held: 0 });
    expect(await verifyExport({ manifest, sink: ndjsonSink })).toMatchObject({ ok: true });
  }
  const rows = (await rowsOf(destination, "stats")).map((row) => JSON.parse(decoder.decode(row)));
  // In the third run the days are those of the second, and the numbers are not.
  expect(rows.map(({ data }) => data)).toEqual([
    { start: "2025-12-01T00:00:00Z", end: "2026-03-02T00:00:00Z", sum: 1 },
    { start: "2026-03-01T00:00:00Z", end: "2026-03-03T00:00:00Z", sum: 2 },
    { start: "2026-03-02T00:00:00Z", end: "2026-03-03T00:00:00Z", sum: 3 },
  ]);
});

/** The rows of a stream, in the order of the runs. */
async function rowsOf(folder: string, stream: string): Promise<Uint8Array[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${stream}-2`)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const encoder = new TextEncoder();
  return texts
    .flatMap((text) => text.split("\n"))
    .filter(Boolean)
    .map((line) => encoder.encode(line));
}

function idOf(json: Uint8Array): string {
  const { id, version } = JSON.parse(new TextDecoder().decode(json));
  return version ?? id;
}
