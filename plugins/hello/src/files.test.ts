import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRow, type OptionValue, type PluginData, type Row } from "@decant/core";
import { sinkConformance } from "@decant/core/conformance";
import { afterAll, describe, expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import files from "./files.ts";

const { sinks } = manifest.decant as PluginData;
const folder = await mkdtemp(join(tmpdir(), "decant-files-"));
afterAll(() => rm(folder, { recursive: true }));
let outputs = 0;

function destination(): string {
  outputs += 1;
  return join(folder, `${outputs}`, "events.d");
}

for (const name of ["id", "hash"]) {
  describe(`files --files-name ${name}`, () => {
    sinkConformance({
      test,
      plugin: files,
      entry: sinks!["files"]!,
      setUp: async () => ({ destination: destination(), options: { name } }),
    });
  });
}

interface More {
  readonly name?: OptionValue;
  readonly force?: boolean;
  readonly append?: boolean;
}

async function open(path: string, { name, force = false, append = false }: More = {}) {
  const streams = [{ name: "events", columns: [] }];
  const base = { destination: path, streams, run: "r" };
  return await files.open({ ...base, options: { name }, force, append });
}

function row(id: string, json = "{}"): Row {
  return createRow({ id, json: new TextEncoder().encode(json) });
}

test("files names files after ids, in a way that no file system mixes up", async () => {
  const path = destination();
  const sink = await open(path);
  const ids = ["web/0a-b_1", "A", "a", "..", "../../x", "ü", "%41"];
  await sink.write(
    "events",
    ids.map((id) => row(id)),
  );
  expect((await readdir(path)).sort()).toEqual(
    [
      "web%2f0a-b_1.json",
      "%41.json",
      "a.json",
      "%2e%2e.json",
      "%2e%2e%2f%2e%2e%2fx.json",
      "%c3%bc.json",
      "%2541.json",
    ].sort(),
  );
});

test("files names a file after a hash where the id is too long for a name", async () => {
  const path = destination();
  const [long, longer] = [row("x".repeat(300)), row("x".repeat(301))];
  await (await open(path)).write("events", [long, longer]);
  const names = await readdir(path);
  expect(names).toHaveLength(2);
  expect(names.every((name) => /^[0-9a-f]{64}\.json$/.test(name))).toBe(true);
});

test("files replaces rows only when it is forced, and nothing but rows", async () => {
  const path = destination();
  await (await open(path)).write("events", [row("old")]);
  await writeFile(join(path, "notes.txt"), "mine");
  await expect(open(path)).rejects.toMatchObject({ code: "OUTPUT_EXISTS", kind: "usage" });
  await (await open(path, { force: true })).write("events", [row("new")]);
  expect((await readdir(path)).sort()).toEqual(["new.json", "notes.txt"]);
  expect(await readFile(join(path, "notes.txt"), "utf8")).toBe("mine");
});

test("files renews rows of earlier runs that come again, and keeps the rest", async () => {
  const path = destination();
  await (await open(path, { append: true })).write("events", [row("a"), row("b")]);
  const later = await open(path, { append: true, force: true });
  await later.write("events", [row("b", '{"changed":true}'), row("c")]);
  expect((await readdir(path)).sort()).toEqual(["a.json", "b.json", "c.json"]);
  expect(await readFile(join(path, "b.json"), "utf8")).toBe('{"changed":true}');
});

test("files refuses what can be no folder, and a folder that is gone", async () => {
  const path = destination();
  const file = join(folder, "file");
  await writeFile(file, "");
  for (const bad of ["-", file, join(file, "below")]) {
    await expect(open(bad)).rejects.toMatchObject({ code: "OUTPUT_INVALID", kind: "usage" });
  }
  const options = { destination: path, streams: [], options: {}, run: "r", force: false };
  await expect(files.open({ ...options, position: null })).rejects.toMatchObject({
    code: "STATE_MISMATCH",
  });
});

test("files cannot read what is not there, or no folder", async () => {
  const read = async (path: string) => {
    for await (const { json } of files.read!({ destination: path, options: {} })) return json;
    return [];
  };
  await expect(read(destination())).rejects.toMatchObject({ code: "OUTPUT_MISSING" });
  await writeFile(join(folder, "flat"), "");
  await expect(read(join(folder, "flat"))).rejects.toMatchObject({ code: "OUTPUT_UNREADABLE" });
});
