import { mkdtemp } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { choosePlace, type PlaceInputs, shortPath } from "./choose-place.ts";

const entry = { module: "", summary: "", resume: "rewind", streams: "one" } as const;

function place(inputs: Partial<PlaceInputs>) {
  return choosePlace({
    output: undefined,
    state: undefined,
    entry: { ...entry, extension: ".ndjson" },
    streams: ["events"],
    incremental: false,
    now: new Date("2026-11-24T12:00:00.5Z"),
    env: () => undefined,
    ...inputs,
  });
}

test("choosePlace() writes the stream's file in this folder, and its state beside it", async () => {
  expect(await place({})).toEqual({
    destination: resolve("events.ndjson"),
    state: resolve("events.ndjson.decant"),
  });
  expect(await place({ output: "out/x.json", state: "s.decant" })).toEqual({
    destination: resolve("out/x.json"),
    state: resolve("s.decant"),
  });
});

test("choosePlace() gives several streams, and runs that add to each other, a folder", async () => {
  const several = { streams: ["events", "issues"] };
  expect(await place(several)).toEqual({
    destination: resolve("sentry"),
    state: resolve("sentry.decant"),
  });
  expect(await place({ incremental: true })).toEqual({
    destination: resolve("events"),
    state: resolve("events.decant"),
  });
  expect((await place({ ...several, output: "out/" })).destination).toBe(resolve("out"));
  const table = { ...entry, resume: "keyed", streams: "many", extension: ".db" } as const;
  expect((await place({ ...several, entry: table })).destination).toBe(resolve("sentry.db"));
  expect((await place({ incremental: true, entry: table })).destination).toBe(resolve("events.db"));
});

test("choosePlace() puts the one file into a folder that is named", async () => {
  const folder = await mkdtemp(join(tmpdir(), "decant-place-"));
  const file = join(folder, "events.ndjson");
  expect(await place({ output: folder })).toEqual({ destination: file, state: `${file}.decant` });
  expect((await place({ output: "new/" })).destination).toBe(resolve("new", "events.ndjson"));
});

test("choosePlace() wants to know where a state is that later runs must find", async () => {
  await expect(place({ entry, incremental: true })).rejects.toMatchObject({
    code: "STATE_NEEDED",
    hint: "Say where it lies with --state FILE.",
  });
  expect(await place({ entry, incremental: true, state: "s.decant" })).toEqual({
    destination: "-",
    state: resolve("s.decant"),
  });
});

test("choosePlace() keeps the state of what is no file in the user's state folder", async () => {
  const env = (name: string) => (name === "XDG_STATE_HOME" ? "/state" : undefined);
  const name = /^\/state\/decant\/20261124T120000-[0-9a-f]{8}\.decant$/;
  for (const inputs of [{ entry }, { output: "-" }]) {
    const { destination, state } = await place({ ...inputs, env });
    expect(destination).toBe("-");
    expect(state).toMatch(name);
  }
  expect((await place({ output: "/dev/null", env })).state).toMatch(name);
  const { destination, state } = await place({ output: "s3://bucket/x" });
  expect(destination).toBe("s3://bucket/x");
  expect(state.startsWith(join(homedir(), ".local", "state", "decant"))).toBe(true);
});

test("shortPath() is what a user in this folder would write", () => {
  expect(shortPath(resolve("a/b"))).toBe(join("a", "b"));
  expect(shortPath("/elsewhere/x")).toBe("/elsewhere/x");
  expect(shortPath("-")).toBe("-");
  expect(shortPath("s3://b/k")).toBe("s3://b/k");
});
