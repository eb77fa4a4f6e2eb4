import type { PluginData } from "@decant/core";
import { sinkConformance } from "@decant/core/conformance";
import { afterAll, describe, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { s3Sink } from "./s3-sink.ts";
import { startStore } from "./testing/start-store.ts";

const { sinks } = manifest.decant as PluginData;
const store = await startStore();
Object.assign(process.env, store.env);
afterAll(() => store[Symbol.asyncDispose]());

let outputs = 0;

function destination(name: string): string {
  outputs += 1;
  return `s3://${store.bucket}/conformance/${outputs}/${name}`;
}

describe("an object that is compressed", () => {
  sinkConformance({
    test,
    plugin: s3Sink,
    streams: "one",
    setUp: async () => ({ destination: destination("rows.ndjson.gz"), options: store.options }),
  });
});

describe("a folder", () => {
  sinkConformance({
    test,
    plugin: s3Sink,
    entry: sinks!["s3"]!,
    setUp: async () => ({ destination: destination(""), options: store.options }),
  });
});
