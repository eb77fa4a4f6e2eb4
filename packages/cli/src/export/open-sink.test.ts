import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { readRegistry } from "../plugins/read-registry.ts";
import { openSink } from "./open-sink.ts";

afterEach(() => vi.unstubAllEnvs());

const module = `export const seen = [];
export default {
  resume: "none", streams: "one", seen,
  async open({ options }) { seen.push(options); },
};`;

async function registry() {
  const root = await mkdtemp(join(tmpdir(), "decant-sink-"));
  await writeFile(join(root, "sink.mjs"), module);
  const options = {
    table: { type: "string", summary: "Table", default: "events" },
    password: { type: "string", summary: "Password", env: "X_PASSWORD", secret: true },
  };
  const entry = { module: "./sink.mjs", summary: "", resume: "none", streams: "one", options };
  const pjson = { decant: { contract: 1, sinks: { x: entry } } };
  return {
    registry: readRegistry([{ name: "p", type: "link", version: "1.0.0", root, pjson }]),
    root,
  };
}

test("openSink() gives secrets to the sink and to nobody else", async () => {
  vi.stubEnv("X_PASSWORD", "hunter2");
  const { registry: all, root } = await registry();
  const { plugin, options } = await openSink(all, { name: "x", given: {} });
  expect(options).toEqual({ table: "events" });
  const base = { destination: "-", streams: [], run: "r", force: false };
  await plugin.open({ ...base, options });
  const { seen } = (await import(join(root, "sink.mjs"))) as { seen: unknown[] };
  expect(seen).toEqual([{ table: "events", password: "hunter2" }]);
});

test("openSink() takes no secret from what was given", async () => {
  const { registry: all } = await registry();
  const { options } = await openSink(all, { name: "x", given: { table: "t", other: "o" } });
  expect(options).toEqual({ table: "t" });
});
