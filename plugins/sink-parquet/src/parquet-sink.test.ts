import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PluginData } from "@decant/core";
import { type SinkSetup, sinkConformance } from "@decant/core/conformance";
import { afterAll, describe, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { parquetSink } from "./parquet-sink.ts";

const { sinks } = manifest.decant as PluginData;
const folder = await mkdtemp(join(tmpdir(), "decant-parquet-"));
afterAll(() => rm(folder, { recursive: true }));
let outputs = 0;

function setUp(name: string, options: SinkSetup["options"] = {}): () => Promise<SinkSetup> {
  return async () => {
    outputs += 1;
    return { destination: join(folder, `${outputs}`, name), options };
  };
}

const common = { test, plugin: parquetSink, entry: sinks!["parquet"]! };

describe("a file of small row groups", () => {
  const options = { "row-group-rows": 7, compression: "snappy" };
  sinkConformance({ ...common, streams: "one", setUp: setUp("events.parquet", options) });
});
describe("a folder", () => {
  sinkConformance({ ...common, setUp: setUp("out") });
});
describe("a folder of streams and days", () => {
  const options = { partition: "day", "row-group-rows": 30, compression: "gzip" };
  sinkConformance({ ...common, setUp: setUp("out", options) });
});
