import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PluginData } from "@decant/core";
import { sinkConformance } from "@decant/core/conformance";
import { afterAll, describe, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { csvSink } from "./csv.ts";

const entry = (manifest.decant as PluginData).sinks!["csv"]!;
const folder = await mkdtemp(join(tmpdir(), "decant-csv-"));
afterAll(() => rm(folder, { recursive: true }));
let outputs = 0;

for (const [streams, options] of [
  ["one", { raw: true }],
  ["many", { raw: true, gzip: true, delimiter: "tab", bom: true, guard: false }],
] as const) {
  describe(`csv, ${streams} stream`, () => {
    sinkConformance({
      test,
      plugin: csvSink,
      entry,
      streams,
      async setUp() {
        outputs += 1;
        return { destination: join(folder, `${outputs}`, "events.csv"), options };
      },
    });
  });
}
