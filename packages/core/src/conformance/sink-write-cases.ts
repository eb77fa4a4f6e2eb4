import assert from "node:assert/strict";
import { makeRow, makeRows, plain, refuses, type SinkCase, streams } from "./sink-bench.ts";

const [first, second] = streams;

/** Text that changes when somebody parses it and writes it again, or takes it for text of theirs. */
const oddTexts = [
  '{"big":9007199254740993,"float":1.0,"exp":1E+2,"minus":-0}',
  '{"z":1,"a":2,"z":3}',
  '{ "spaced" :\t[ ] }',
  '{"nul":"\\u0000","escape":"\\u001b[31m","quote":"\\"","slash":"\\/"}',
  '{"raw":"\u2028\u2029\ufeff\u202e","emoji":"👩‍👩‍👧","composed":"é","combining":"e\u0301"}',
  '{"lone":"\\ud800","pair":"\\ud83d\\ude00"}',
  `{"csv":"=1+1,\\"a\\";b","sql":"'; DROP TABLE events; --"}`,
];

/** Ids come from servers: they may be anything that a file, a key or a query does not expect. */
const oddIds = [
  "../../etc/passwd",
  "a/b",
  "a\\b",
  "a b",
  "A",
  "a",
  "é",
  "e\u0301",
  "'; DROP TABLE events; --",
  '"quoted"',
  "%2e%2e",
  "👩‍👩‍👧",
  "\u202e",
  ".",
  "..",
  "con",
  "x".repeat(400),
];

/** The rules of writing, committing and reading back. */
export const writeCases: readonly SinkCase[] = [
  {
    name: "write() keeps rows in order over many batches",
    async run(bench) {
      const rows = makeRows(120);
      await using sink = await bench.open();
      await sink.write(first.name, rows.slice(0, 1));
      await sink.write(first.name, rows.slice(1, 20));
      await sink.commit();
      for (let at = 20; at < 120; at += 25) await sink.write(first.name, rows.slice(at, at + 25));
      await sink.commit();
      await sink.finish();
      await bench.holds(rows);
    },
  },
  {
    name: "write() keeps rows whatever the batches",
    async run(bench) {
      await using sink = await bench.open();
      let count = 0;
      for (const size of [1, 999, 1000, 1001, 2]) {
        await sink.write(first.name, makeRows(size, count));
        count += size;
        if (size !== 1000) await sink.commit();
      }
      await sink.finish();
      await bench.holds(makeRows(count));
    },
  },
  {
    name: "write() takes rows of any id",
    async run(bench) {
      const rows = oddIds.map((id, index) => ({ ...makeRow(index, `{"n":${index}}`), id }));
      await bench.complete(rows);
      await bench.holds(rows);
    },
  },
  {
    name: "write() takes no rows",
    async run(bench) {
      await using sink = await bench.open();
      await sink.write(first.name, []);
      await sink.write(first.name, makeRows(1));
      await sink.write(first.name, []);
      await sink.commit();
      await sink.finish();
      await bench.holds(makeRows(1));
    },
  },
  {
    name: "write() keeps the bytes of a row",
    async run(bench) {
      const rows = oddTexts.map((text, index) => makeRow(index, text));
      await bench.complete(rows);
      await bench.holds(rows);
    },
  },
  {
    name: "write() keeps a row of 4 MiB",
    async run(bench) {
      const rows = [...makeRows(2), makeRow(2, `{"id":"2","title":"${"x".repeat(4 << 20)}"}`)];
      await bench.complete(rows);
      await bench.holds(rows);
    },
  },
  {
    name: "write() leaves the rows as they are",
    async run(bench) {
      const rows = makeRows(5);
      await bench.complete(rows);
      assert.deepEqual(
        rows.map(({ json }) => [...json]),
        makeRows(5).map(({ json }) => [...json]),
      );
    },
  },
  {
    name: "write() keeps the streams of an output apart",
    when: (plugin) => plugin.streams === "many",
    async run(bench) {
      const events = makeRows(20);
      const issues = makeRows(20, 10);
      await using sink = await bench.open();
      for (let at = 0; at < 20; at += 5) {
        await sink.write(first.name, events.slice(at, at + 5));
        await sink.write(second.name, issues.slice(at, at + 5));
        if (at === 5) await sink.commit();
      }
      await sink.commit();
      await sink.finish();
      await bench.holds(events, { stream: first.name });
      await bench.holds(issues, { stream: second.name });
    },
  },
  {
    name: "commit() returns plain JSON",
    async run(bench) {
      await using sink = await bench.open();
      await sink.write(first.name, makeRows(3));
      const position = await sink.commit();
      assert.notEqual(position, undefined);
      assert.deepEqual(plain(position), position);
    },
  },
  {
    name: "commit() does nothing where nothing was written",
    async run(bench) {
      await using sink = await bench.open();
      await sink.commit();
      await sink.write(first.name, makeRows(3));
      const position = await sink.commit();
      assert.deepEqual(await sink.commit(), position);
      await sink.finish();
      await bench.holds(makeRows(3));
    },
  },
  {
    name: "read() refuses an output that is not there",
    when: (plugin) => plugin.read !== undefined,
    async run(bench) {
      await refuses(async () => {
        for await (const _ of bench.read()) assert.fail("there are no rows");
      });
    },
  },
  {
    name: "read() stops when its reader does",
    when: (plugin) => plugin.read !== undefined,
    async run(bench) {
      await bench.complete(makeRows(50));
      for await (const _ of bench.read()) break;
      await bench.holds(makeRows(50));
    },
  },
  {
    name: "read() ends with the reason of an aborted signal",
    when: (plugin) => plugin.read !== undefined,
    async run(bench) {
      await bench.complete(makeRows(50));
      const reason = new Error("enough");
      await assert.rejects(async () => {
        for await (const _ of bench.read({ signal: AbortSignal.abort(reason) }))
          assert.fail("it went on");
      }, reason);
    },
  },
];
