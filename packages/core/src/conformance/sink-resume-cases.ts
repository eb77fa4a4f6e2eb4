import type { Json } from "../json.ts";
import { makeRows, plain, refuses, type SinkBench, type SinkCase, streams } from "./sink-bench.ts";

const [first, second] = streams;

/** The rules of going on after a crash. */
export const resumeCases: readonly SinkCase[] = [
  {
    name: "open() again after a crash before the first row",
    when: (plugin) => plugin.resume !== "none",
    async run(bench) {
      await bench.leave([]);
      await bench.resume(makeRows(3), {});
      await bench.holds(makeRows(3));
      const other = await bench.another();
      const position = await other.leave([]);
      await other.resume(makeRows(3), { position });
      await other.holds(makeRows(3));
    },
  },
  {
    name: "open() at a position drops what was written later",
    when: (plugin) => plugin.resume === "rewind",
    async run(bench) {
      const position = await bench.leave(makeRows(3), makeRows(4, 100));
      await bench.resume(makeRows(2, 3), { position });
      await bench.holds(makeRows(5));
    },
  },
  {
    name: "open() at a position drops what was committed later",
    when: (plugin) => plugin.resume === "rewind",
    async run(bench) {
      const sink = await bench.open();
      await sink.write(first.name, makeRows(3));
      const position = plain(await sink.commit());
      await sink.write(first.name, makeRows(4, 100));
      await sink.commit();
      await sink[Symbol.asyncDispose]();
      await bench.resume(makeRows(2, 3), { position });
      await bench.holds(makeRows(5));
    },
  },
  {
    name: "open() at a position brings each stream back to where it was",
    when: (plugin) => plugin.resume === "rewind" && plugin.streams === "many",
    async run(bench) {
      const sink = await bench.open();
      await sink.write(first.name, makeRows(3));
      const position = plain(await sink.commit());
      await sink.write(first.name, makeRows(2, 50));
      await sink.write(second.name, makeRows(4, 100));
      await sink.commit();
      await sink[Symbol.asyncDispose]();
      // The second had no row yet.
      await using again = await bench.open({ position });
      await again.write(second.name, makeRows(2, 10));
      await again.write(first.name, makeRows(1, 3));
      await again.commit();
      await again.finish();
      await bench.holds(makeRows(4));
      await bench.holds(makeRows(2, 10), { stream: second.name });
    },
  },
  {
    name: "open() at a position takes rows again without doubling them",
    when: (plugin) => plugin.resume === "keyed",
    async run(bench) {
      const position = await bench.leave(makeRows(3), makeRows(2, 3));
      await bench.resume(makeRows(5), { position });
      await bench.holds(makeRows(5));
    },
  },
  {
    name: "open() at a position goes on behind what is there",
    when: (plugin) => plugin.resume === "none",
    async run(bench) {
      const position = await bench.leave(makeRows(3));
      await bench.resume(makeRows(2, 3), { position });
      await bench.holds(makeRows(5));
    },
  },
  {
    name: "open() at a position gives each row once whenever the crashes come",
    when: (plugin) => plugin.resume !== "none",
    async run(bench) {
      for (let seed = 1; seed <= 10; seed += 1) await crashAtRandom(await bench.another(), seed);
    },
  },
  {
    name: "open() refuses an output that ends before the position",
    when: (plugin) => plugin.resume === "rewind",
    async run(bench) {
      const position = await bench.leave(makeRows(50));
      const other = await bench.another();
      await other.leave(makeRows(1));
      await refuses(() => other.open({ position }), "STATE_MISMATCH");
    },
  },
  {
    name: "open() refuses a position whose output is gone",
    when: (plugin) => plugin.resume === "rewind",
    async run(bench) {
      const position = await bench.leave(makeRows(3));
      const other = await bench.another();
      await refuses(() => other.open({ position }), "STATE_MISMATCH");
      await refuses(() => other.open({ position, finishing: true }), "STATE_MISMATCH");
    },
  },
  {
    name: "open() refuses a position that it never gave",
    when: (plugin) => plugin.resume === "rewind",
    async run(bench) {
      await bench.leave(makeRows(3));
      for (const position of ["elsewhere", { foreign: true }, [1]]) {
        await refuses(() => bench.open({ position }), "STATE_MISMATCH");
      }
    },
  },
];

/**
 * Writes 60 rows in batches, to each stream in turn, commits now and then, and crashes about every
 * eighth step.
 */
async function crashAtRandom(bench: SinkBench, seed: number): Promise<void> {
  const rows = makeRows(60);
  const random = createRandom(seed);
  const names = (bench.plugin.streams === "many" ? streams : [first]).map(({ name }) => name);
  const shares = names.map((name, turn) => ({
    name,
    own: rows.filter((_, index) => index % names.length === turn),
  }));
  let committed = 0;
  let written = 0;
  let position: Json | undefined;
  let sink = await bench.open();
  // A host records the first position before it writes anything.
  position = plain(await sink.commit());
  while (committed < rows.length) {
    const step = random();
    if (step < 0.12) {
      await sink[Symbol.asyncDispose]();
      sink = await bench.open({ position });
      written = committed;
    } else if (step < 0.4 || written === rows.length) {
      position = plain(await sink.commit());
      committed = written;
    } else {
      const next = Math.min(rows.length, written + Math.ceil(random() * 7));
      const batch = rows.slice(written, next);
      for (const { name, own } of shares) {
        const share = batch.filter((row) => own.includes(row));
        await sink.write(name, share);
      }
      written = next;
    }
  }
  await sink[Symbol.asyncDispose]();
  await bench.resume([], { position, finishing: true });
  for (const { name, own } of shares) await bench.holds(own, { stream: name });
}

/** A generator of numbers from 0 to 1 that gives the same ones each time: mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
