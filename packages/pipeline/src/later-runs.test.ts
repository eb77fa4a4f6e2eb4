import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { Manifest } from "./manifest.ts";
import { nextRun } from "./next-run.ts";
import { resumeExport } from "./resume-export.ts";
import { textOf } from "./testing/changing-server.ts";
import { fuse } from "./testing/crashing-files.ts";
import { createWorld, run, type World, written } from "./testing/world.ts";
import { verifyExport } from "./verify-export.ts";

vi.mock("node:fs/promises", async (original) => {
  const { createCrashingFiles, fuse } = await import("./testing/crashing-files.ts");
  return createCrashingFiles(await original<typeof import("node:fs/promises")>(), fuse);
});

/** Goes on with whatever is there until a run has ended. */
async function runThrough(world: World, lookback: number, crashes: number[]): Promise<Manifest> {
  for (;;) {
    fuse.left = crashes.shift();
    try {
      const next = await nextRun(world.state);
      if (next.kind !== "resume") return await run(world, { lookback });
      const { server, outputs, state } = world;
      return await resumeExport({ source: server.source, sink: outputs.plugin, state });
    } catch (error) {
      if (!fuse.dead) throw error;
    } finally {
      Object.assign(fuse, { left: undefined, dead: false });
    }
  }
}

const seconds = fc.integer({ min: 1, max: 60 });
/** What happens before a run, or while it goes on. */
const turn = fc.record({
  pause: fc.integer({ min: 0, max: 200 }),
  events: fc.array(seconds, { maxLength: 6 }),
  meanwhile: fc.array(seconds, { maxLength: 3 }),
  commits: fc.nat(2),
  notes: fc.nat(2),
  changes: fc.array(fc.nat(4), { maxLength: 3 }),
  hole: fc.boolean(),
  lookback: fc.integer({ min: 60, max: 150 }),
  crashes: fc.array(fc.nat(40), { maxLength: 4 }),
});
type Turn = typeof turn extends fc.Arbitrary<infer Value> ? Value : never;

let ids = 0;

function happen({ server, now }: World, { events, commits, notes, changes, hole }: Turn): void {
  for (const age of events) server.events.push({ id: `e${ids++}`, second: now - age });
  for (let n = 0; n < commits; n++) server.commits.push({ id: `c${ids++}`, second: now - n });
  for (let n = 0; n < notes; n++) server.notes.push(`n${ids++}`);
  for (const n of changes) server.issues.set(`i${n}`, (server.issues.get(`i${n}`) ?? 0) + 1);
  server.hidden.clear();
  if (hole) for (const { id } of server.events.slice(-2)) server.hidden.add(id);
}

/** Events that arrive while pages are read, newer than what the next run looks back to. */
function arriveLater(world: World, { meanwhile }: Turn): void {
  const waiting = [...meanwhile];
  world.server.onPage = () => {
    const age = waiting.pop();
    if (age !== undefined) world.server.events.push({ id: `e${ids++}`, second: world.now - age });
  };
}

function expectOnce(texts: readonly string[], expected: readonly string[]): void {
  expect([...texts].sort()).toEqual([...expected].sort());
}

test("runExport() of a series writes each row and each change once, whatever comes in between", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(turn, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 5 }),
      async (turns, pageSize) => {
        const world = await createWorld(pageSize);
        const { server, outputs, state } = world;
        for (const step of turns) {
          world.now += step.pause;
          happen(world, step);
          arriveLater(world, step);
          const manifest = await runThrough(world, step.lookback, [...step.crashes]);
          expect(manifest.status).toBe(server.hidden.size > 0 ? "partial" : "complete");
          expect(await verifyExport({ manifest, sink: outputs.plugin })).toMatchObject({
            ok: true,
          });
          const issues = new Set(written(world, "issues"));
          for (const [id, version] of server.issues)
            expect(issues).toContain(textOf(id, { version }));
        }
        delete server.onPage;
        server.hidden.clear();
        world.now += 1;
        await runThrough(world, 150, []);
        for (const name of ["events", "commits"] as const) {
          const rows = server[name].map(({ id, second }) => textOf(id, { second }));
          expectOnce(written(world, name), rows);
        }
        expectOnce(
          written(world, "notes"),
          server.notes.map((id) => textOf(id, {})),
        );
        const issues = written(world, "issues");
        expect(issues).toHaveLength(new Set(issues).size);
        for (const run of outputs.runs.keys()) {
          if (!outputs.finished.has(run)) expect(outputs.runs.get(run)).toEqual([]);
        }
        await rm(dirname(state), { recursive: true });
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
