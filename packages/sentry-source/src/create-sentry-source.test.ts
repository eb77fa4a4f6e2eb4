import type { End, Row, Slice, Source, TimeRange } from "@decant/core";
import { type SentryOptions, type SentrySimulator, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { createSentrySource, type SentrySourceOptions } from "./create-sentry-source.ts";

const decoder = new TextDecoder();

interface Exported {
  readonly rows: ReadonlyMap<string, string>;
  readonly ends: ReadonlyMap<string, End>;
}

/** Reads all slices as a pipeline does: several passes where nothing proves that one was enough. */
async function exportAll(source: Source, range: TimeRange): Promise<Exported> {
  const { signal } = new AbortController();
  const rows = new Map<string, string>();
  const ends = new Map<string, End>();
  const known = new Set<string>();
  async function run(slices: readonly Slice[]): Promise<void> {
    const fresh = slices.filter(({ key }) => !known.has(key));
    for (const { key } of fresh) known.add(key);
    await Promise.all(fresh.map(read));
  }
  async function read(slice: Slice): Promise<void> {
    const stored = JSON.parse(JSON.stringify(slice)) as Slice;
    const ids = new Set<string>();
    for (let pass = 1; pass <= 3; pass++) {
      const before = ids.size;
      let pages = 0;
      for await (const batch of source.read(stored, { signal })) {
        pages++;
        for (const row of batch.rows) {
          ids.add(row.id);
          rows.set(row.id, textOf(row));
        }
        await run(batch.spawn ?? []);
        if ("end" in batch.next) ends.set(slice.key, batch.next.end);
      }
      const end = ends.get(slice.key);
      if (end?.why !== "complete" || slice.dedupe === "page") return;
      const { expected } = end;
      if (expected === undefined ? pages === 1 || ids.size === before : ids.size >= expected)
        return;
    }
    ends.set(slice.key, { why: "hole", detail: "three passes" });
  }
  await run(await source.plan(range, { signal }));
  return { rows, ends };
}

function textOf(row: Row): string {
  return decoder.decode(row.json);
}

/** What the server has, without line breaks between tokens; those in strings are escaped. */
function oracle(sentry: SentrySimulator, issue?: string): Map<string, string> {
  return new Map(
    [...sentry.events(issue)].map(({ id, projectId, json }) => [
      `${projectId}/${id}`,
      decoder
        .decode(json)
        .replaceAll(/[\r\n]/g, "")
        .trim(),
    ]),
  );
}

function to(): TimeRange {
  return { to: new Date(Math.floor(Date.now() / 1_000) * 1_000 - 60_000).toISOString() };
}

const noWait: SentrySourceOptions["retry"] = { sleep: async () => {}, random: () => 0.5 };

function sourceOf(sentry: SentrySimulator, options: Partial<SentrySourceOptions> = {}): Source {
  const { url, token, org } = sentry;
  return createSentrySource({ url, token, org, retry: noWait, ...options });
}

const flavors = ["saas", "self-hosted", "old", "glitchtip"] as const;

test.each(flavors)("createSentrySource() exports an issue of %s", async (flavor) => {
  await using sentry = await startSentry({ flavor, limits: false, eventBytes: "realistic" });
  const { id } = sentry.issues[0]!;
  const { rows, ends } = await exportAll(sourceOf(sentry, { issues: [id] }), to());
  expect(rows).toEqual(oracle(sentry, id));
});
