import type { Source } from "@decant/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createClient } from "./create-client.ts";
import { planDatasets } from "./plan-datasets.ts";
import { readEvents } from "./read-events.ts";
import { type EventsArgs, readArgs } from "./slice-args.ts";
import { exportAll } from "./testing/export-all.ts";
import { json, patient } from "./testing/simulated.ts";

const start = Date.parse("2026-01-01T00:00:00Z");
const origin = "https://sentry.example";
const range = { from: "2026-01-01T00:00:00Z", to: "2026-01-01T00:00:20Z" };

interface Table {
  /** The second of each row. */
  readonly seconds: readonly number[];
  readonly pageRows: number;
  /** No row further down is shown. */
  readonly deepest: number;
  readonly counts: boolean;
}

/** A server that has one table of logs. */
function serve({ seconds, pageRows, deepest, counts }: Table): typeof globalThis.fetch {
  const rows = seconds
    .map((second, id) => ({ id: `r${id}`, "project.id": 1, second }))
    .sort((a, b) => b.second - a.second);
  return async (input) => {
    const { searchParams } = new URL(input instanceof Request ? input.url : input);
    const second = (name: string) => (Date.parse(searchParams.get(name)!) - start) / 1_000;
    const inside = rows.filter(
      (row) => second("start") <= row.second && row.second < second("end"),
    );
    if (searchParams.get("field") === "count()") {
      if (!counts) return json({ detail: "no" }, { status: 403 });
      return json({ data: [{ "count()": inside.length }], meta: {} });
    }
    const offset = Number(searchParams.get("cursor")?.split(":")[1] ?? 0);
    if (offset + pageRows > deepest) return json({ detail: "too deep" }, { status: 400 });
    const data = inside.slice(offset, offset + pageRows).map(({ second, ...row }) => {
      return { ...row, timestamp: new Date(start + second * 1_000).toISOString() };
    });
    const more = offset + pageRows < inside.length;
    const link = `<${origin}/>; rel="next"; results="${more}"; cursor="0:${offset + pageRows}:0"`;
    return json({ data, meta: {} }, { headers: { link } });
  };
}

function sourceOf(table: Table): Source {
  const client = createClient({
    ...{ origin, token: "secret", headers: {}, retry: patient, fetch: serve(table) },
  });
  const server = { origin, org: "acme", kind: "sentry", orgIssues: true, count: true } as const;
  return {
    ...{ identity: "test", streams: [], lanes: {} },
    plan: async () =>
      planDatasets(["logs"], {
        ...{ server, asked: true, filter: { query: "", environment: [] } },
        ...{ projects: [{ slug: "web", id: "1" }], window: { start: range.from, end: range.to } },
      }),
    read: (slice, options) => readEvents(client, readArgs(slice) as EventsArgs, options),
  };
}

test("endOfFailure() cuts a table where it is too deep, and tells of each row that stays hidden", async () => {
  const seconds = fc.array(fc.oneof(fc.integer({ min: 0, max: 19 }), fc.constant(7)), {
    maxLength: 60,
  });
  const table = fc.record({
    seconds,
    pageRows: fc.integer({ min: 1, max: 5 }),
    deepest: fc.integer({ min: 5, max: 15 }),
    counts: fc.boolean(),
  });
  const check = fc.asyncProperty(table, fc.boolean(), async (one, interrupted) => {
    const { rows, ends } = await exportAll(sourceOf(one), { range, interrupted });
    const shown = one.deepest - (one.deepest % one.pageRows);
    const perSecond = Map.groupBy(one.seconds, (second) => second);
    const hidden = [...perSecond.values()]
      .map(({ length }) => Math.max(0, length - shown))
      .reduce((sum, count) => sum + count, 0);
    expect(rows.size).toBe(one.seconds.length - hidden);
    const holes = [...ends.values()].filter(({ why }) => why === "hole");
    if (hidden > 0) expect(holes.length).toBeGreaterThan(0);
    if (!one.counts) return; // Then nothing proves that no row slipped past, as there may be told, too.
    for (const { detail } of holes) expect(detail).toContain(`no more than ${shown} logs`);
    expect(holes.reduce((sum, { lost = 0 }) => sum + lost, 0)).toBe(hidden);
  });
  await fc.assert(check, { numRuns: 300 });
});
