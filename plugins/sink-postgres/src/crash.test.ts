import { createRow } from "@decant/core";
import { afterAll, expect, test } from "vitest";
import { postgresSink } from "./postgres-sink.ts";
import { startPostgres } from "./start-postgres.ts";

const server = await startPostgres({ settings: { fsync: "on" } });
afterAll(() => server.stop());
const place = `postgres:///postgres?user=postgres&host=${server.folder}&port=${server.port}`;
const output = { destination: place, options: {}, run: "r", force: false };
const streams = [{ name: "events", columns: [] }];
const long = "x".repeat(30_000);

function rows(count: number, first: number) {
  return Array.from({ length: count }, (_, index) => {
    const json = new TextEncoder().encode(JSON.stringify({ n: first + index, long }));
    return createRow({ id: String(first + index), json });
  });
}

test("postgres goes on exactly after the server went away, whatever it was doing", async () => {
  let sink = await postgresSink.open({ ...output, streams });
  let position = await sink.commit();
  for (const [turn, step] of ["write", "commit", "idle"].entries()) {
    const first = turn * 400;
    await sink.write("events", rows(100, first));
    position = await sink.commit();
    if (step === "idle") await server.crash();
    // Large enough to be sent at once.
    const lost = sink.write("events", rows(300, first + 100)).then(() => sink.commit());
    const failure = expect(lost).rejects.toMatchObject({
      code: "POSTGRES_UNREACHABLE",
      kind: "sink",
      retryable: true,
    });
    if (step !== "idle") await server.crash();
    await failure;
    await expect(sink.finish()).rejects.toMatchObject({ code: "POSTGRES_UNREACHABLE" });
    await sink[Symbol.asyncDispose]();
    await expect(postgresSink.open({ ...output, streams, position })).rejects.toMatchObject({
      code: "POSTGRES_UNREACHABLE",
    });
    await server.restart();
    sink = await postgresSink.open({ ...output, streams, position });
    await sink.write("events", rows(300, first + 100));
    position = await sink.commit();
  }
  await sink.finish();
  await sink[Symbol.asyncDispose]();
  const found: number[] = [];
  for await (const { json } of postgresSink.read!(output)) {
    for (const row of json) found.push(JSON.parse(new TextDecoder().decode(row)).n);
  }
  expect(found.sort((one, other) => one - other)).toEqual(
    Array.from({ length: 1200 }, (_, n) => n),
  );
});

test("postgres connects again when the connection was lost between two commits", async () => {
  const sink = await postgresSink.open({ ...output, run: "r1", append: true, streams });
  await sink.write("events", rows(1, 3000));
  await sink.commit();
  await server.crash();
  await server.restart();
  await sink.write("events", rows(1, 3001));
  expect(await sink.commit()).toEqual({ commits: 2 });
  await server.crash();
  await server.restart();
  await sink.finish();
  await sink[Symbol.asyncDispose]();
  let count = 0;
  for await (const { json } of postgresSink.read!({ ...output, run: "r1" })) count += json.length;
  expect(count).toBe(2);
});

test("postgres fails clearly when the server goes away while it is read", async () => {
  const reading = (async () => {
    for await (const _ of postgresSink.read!(output)) await server.crash();
  })();
  await expect(reading).rejects.toMatchObject({ code: "POSTGRES_UNREACHABLE" });
  await server.restart();
});

test("postgres ends a read and a write with the reason of an aborted signal", async () => {
  const abort = new AbortController();
  const reason = new Error("enough");
  const { signal } = abort;
  const sink = await postgresSink.open({ ...output, run: "r2", append: true, streams, signal });
  await sink.write("events", rows(1, 5000));
  const reading = (async () => {
    for await (const _ of postgresSink.read!({ ...output, signal })) abort.abort(reason);
  })();
  await expect(reading).rejects.toBe(reason);
  await expect(sink.commit()).rejects.toBe(reason);
  await sink[Symbol.asyncDispose]();
});
