import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PluginData } from "@decant/core";
import { sinkConformance } from "@decant/core/conformance";
import { afterAll, describe, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { sqliteSink } from "./sqlite.ts";

const entry = (manifest.decant as PluginData).sinks!["sqlite"]!;
const folder = await mkdtemp(join(tmpdir(), "decant-sqlite-"));
afterAll(() => rm(folder, { recursive: true }));
let outputs = 0;

for (const [streams, into] of [
  ["one", false],
  ["many", true],
] as const) {
  describe(`sqlite, ${streams} stream, ${into ? "into a database" : "a database of its own"}`, () => {
    sinkConformance({
      test,
      plugin: sqliteSink,
      entry,
      streams,
      async setUp() {
        outputs += 1;
        return { destination: join(folder, `${outputs}`, "out.sqlite"), options: { into } };
      },
    });
  });
}
