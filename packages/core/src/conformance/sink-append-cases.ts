import { makeRow, makeRows, type SinkBench, type SinkCase, streams } from "./sink-bench.ts";

const [first, second] = streams;

/** Names of runs sort by time, as a host makes them. */
const earlier = { run: "20260101T000000Z-0a1b", append: true };
const later = { run: "20260102T000000Z-0a1c", append: true };

/** The rules of runs that add to what earlier ones wrote. */
export const appendCases: readonly SinkCase[] = [
  {
    name: "open() with append leaves what earlier runs wrote",
    when: (plugin) => plugin.resume !== "none",
    async run(bench) {
      await bench.complete(makeRows(3), earlier);
      await bench.complete(makeRows(2, 3), later);
      await bench.complete(makeRows(1, 5), { ...later, run: "20260103T000000Z-0a1d", force: true });
      await bench.holds(makeRows(6));
    },
  },
  {
    name: "open() with append takes a run without rows",
    when: (plugin) => plugin.resume !== "none",
    async run(bench) {
      await bench.complete(makeRows(3), earlier);
      await bench.complete([], later);
      await bench.holds(makeRows(3));
    },
  },
  {
    name: "open() with append goes on after a crash",
    when: (plugin) => plugin.resume !== "none",
    async run(bench) {
      await bench.complete(makeRows(3), earlier);
      // What was lost comes again: a keyed sink may have kept it.
      const position = await bench.leave(makeRows(3, 3), makeRows(2, 6), later);
      await bench.resume(makeRows(4, 6), { ...later, position });
      await bench.holds(makeRows(10));
    },
  },
  {
    name: "finish() with append is made good after a crash behind it",
    when: (plugin) => plugin.resume !== "none",
    async run(bench) {
      await bench.complete(makeRows(3), earlier);
      const position = await bench.complete(makeRows(2, 3), later);
      await bench.resume([], { ...later, position, finishing: true });
      await bench.holds(makeRows(5));
    },
  },
  {
    name: "open() with append keeps the streams of each run apart",
    when: (plugin) => plugin.resume !== "none" && plugin.streams === "many",
    async run(bench) {
      await writeBoth(bench, 0);
      await writeBoth(bench, 1);
      await bench.holds([...makeRows(2), ...makeRows(2, 10)]);
      await bench.holds([...makeRows(3), ...makeRows(3, 10)], { stream: second.name });
    },
  },
  {
    name: "open() with append lets a row that comes again take the place of the older one",
    when: (plugin) => plugin.resume === "keyed",
    async run(bench) {
      const changed = makeRow(1, '{"id":"1","n":1,"title":"changed"}');
      await bench.complete(makeRows(3), earlier);
      await bench.complete([changed, ...makeRows(1, 3)], later);
      await bench.holds([...makeRows(1), changed, ...makeRows(2, 2)]);
    },
  },
  {
    name: "read() of a run gives its rows alone",
    when: (plugin) => plugin.resume === "rewind" && plugin.read !== undefined,
    async run(bench) {
      await bench.complete(makeRows(3), earlier);
      await bench.complete(makeRows(2, 3), later);
      if (!bench.tellsRuns) return;
      await bench.holds(makeRows(3), { run: earlier.run });
      await bench.holds(makeRows(2, 3), { run: later.run });
    },
  },
];

async function writeBoth(bench: SinkBench, turn: 0 | 1): Promise<void> {
  await using sink = await bench.open(turn === 0 ? earlier : later);
  await sink.write(first.name, makeRows(2, turn * 10));
  await sink.write(second.name, makeRows(3, turn * 10));
  await sink.commit();
  await sink.finish();
}
