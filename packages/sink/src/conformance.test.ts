import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Output, PluginData } from "@decant/core";
import { type SinkSetup, sinkConformance } from "@decant/core/conformance";
import { afterAll, describe, test } from "vitest";
import { jsonSink } from "./json.ts";
import { ndjsonSink } from "./ndjson.ts";
import { stdoutSink } from "./stdout.ts";

const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
const { sinks } = (JSON.parse(manifest) as { decant: PluginData }).decant;

const folder = await mkdtemp(join(tmpdir(), "decant-sink-"));
afterAll(() => rm(folder, { recursive: true }));
let outputs = 0;

function setUp(name: string, options: SinkSetup["options"] = {}): () => Promise<SinkSetup> {
  return async () => {
    outputs += 1;
    return { destination: join(folder, `${outputs}`, name), options };
  };
}

async function setUpOutput(): Promise<SinkSetup> {
  let text = "";
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const output: Output = {
    terminal: false,
    columns: 80,
    color: false,
    write: async (bytes) => {
      text += decoder.decode(bytes, { stream: true });
    },
  };
  const encoder = new TextEncoder();
  return {
    destination: "-",
    output,
    readRows: async () =>
      text
        .split("\n")
        .slice(0, -1)
        .map((line) => ({ json: encoder.encode(line) })),
  };
}

for (const [name, plugin] of [
  ["json", jsonSink],
  ["ndjson", ndjsonSink],
] as const) {
  const entry = sinks![name]!;
  for (const extension of [name, `${name}.gz`]) {
    describe(`a file of ${extension}`, () => {
      sinkConformance({ test, plugin, entry, streams: "one", setUp: setUp(`events.${extension}`) });
    });
  }
  for (const gzip of [false, true]) {
    describe(`a folder of ${name}${gzip ? ".gz" : ""}`, () => {
      sinkConformance({ test, plugin, entry, setUp: setUp("events", { gzip }) });
    });
  }
}

describe("stdout", () => {
  const entry = sinks!["stdout"]!;
  sinkConformance({ test, plugin: stdoutSink, entry, setUp: setUpOutput });
});
