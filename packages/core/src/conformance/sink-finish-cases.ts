import assert from "node:assert/strict";
import { makeRows, plain, refuses, type SinkCase, streams } from "./sink-bench.ts";

const [first] = streams;

/** The rules of opening a new output, finishing it and letting go of it. */
export const finishCases: readonly SinkCase[] = [
  {
    name: "open() takes a second output while one is open",
    async run(bench) {
      const other = await bench.another();
      await using one = await bench.open();
      await using two = await other.open();
      await one.write(first.name, makeRows(3));
      await two.write(first.name, makeRows(3, 100));
      for (const sink of [one, two]) {
        await sink.commit();
        await sink.finish();
      }
      await bench.holds(makeRows(3));
      await other.holds(makeRows(3, 100));
    },
  },
  {
    name: "open() refuses an output that is there",
    when: (plugin) => plugin.resume === "rewind",
    async run(bench) {
      await bench.complete(makeRows(3));
      await refuses(() => bench.open(), "OUTPUT_EXISTS");
      await bench.holds(makeRows(3));
    },
  },
  {
    name: "open() refuses an unfinished output without its position",
    when: (plugin) => plugin.resume === "rewind",
    async run(bench) {
      const position = await bench.leave(makeRows(3));
      await refuses(() => bench.open(), "OUTPUT_EXISTS");
      await bench.resume([], { position });
      await bench.holds(makeRows(3));
    },
  },
  {
    name: "open() with force replaces what is there",
    when: (plugin) => plugin.resume === "rewind",
    async run(bench) {
      await bench.complete(makeRows(3));
      await bench.complete(makeRows(2, 100), { force: true });
      await bench.holds(makeRows(2, 100));
      const other = await bench.another();
      await other.leave(makeRows(3));
      await other.complete(makeRows(2, 100), { force: true });
      await other.holds(makeRows(2, 100));
    },
  },
  {
    name: "finish() without rows leaves an empty output",
    async run(bench) {
      await bench.complete([]);
      await bench.holds([]);
    },
  },
  {
    name: "finish() twice does what once does",
    async run(bench) {
      await using sink = await bench.open();
      await sink.write(first.name, makeRows(3));
      await sink.commit();
      await sink.finish();
      await sink.finish();
      await bench.holds(makeRows(3));
    },
  },
  {
    name: "finish() is made good after a crash before it",
    when: (plugin) => plugin.resume !== "none",
    async run(bench) {
      const position = await bench.leave(makeRows(3));
      await bench.resume([], { position, finishing: true });
      await bench.holds(makeRows(3));
    },
  },
  {
    name: "finish() is made good after a crash behind it",
    when: (plugin) => plugin.resume !== "none",
    async run(bench) {
      const position = await bench.complete(makeRows(3));
      await bench.resume([], { position, finishing: true });
      await bench.holds(makeRows(3));
    },
  },
  {
    name: "dispose without finish() leaves no finished output",
    when: (plugin) => plugin.resume === "rewind" && plugin.read !== undefined,
    async run(bench) {
      await bench.leave(makeRows(3), makeRows(3, 3));
      await refuses(async () => {
        for await (const _ of bench.read()) assert.fail("there are rows");
      });
    },
  },
  {
    name: "finish() is refused after dispose",
    when: (plugin) => plugin.resume === "rewind",
    async run(bench) {
      const sink = await bench.open();
      await sink.write(first.name, makeRows(3));
      const position = plain(await sink.commit());
      await sink.write(first.name, makeRows(4, 100));
      await sink[Symbol.asyncDispose]();
      await refuses(() => sink.finish());
      await bench.resume([], { position });
      await bench.holds(makeRows(3));
    },
  },
  {
    name: "dispose may come twice, and after finish()",
    async run(bench) {
      const sink = await bench.open();
      await sink.write(first.name, makeRows(3));
      await sink.commit();
      await sink.finish();
      await sink[Symbol.asyncDispose]();
      await sink[Symbol.asyncDispose]();
      await bench.holds(makeRows(3));
    },
  },
];
