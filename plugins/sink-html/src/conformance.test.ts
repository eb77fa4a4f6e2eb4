import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PluginData } from "@decant/core";
import { sinkConformance } from "@decant/core/conformance";
import { afterAll, describe, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { htmlSink } from "./html.ts";
import { readShown } from "./testing/read-shown.ts";

const entry = (manifest.decant as PluginData).sinks!["html"]!;
const folder = await mkdtemp(join(tmpdir(), "decant-html-"));
afterAll(() => rm(folder, { recursive: true }));
let outputs = 0;

for (const [streams, name] of [
  ["one", "events.html"],
  ["many", "report.html"],
  ["many", "folder"],
] as const) {
  describe(`html, ${streams} stream, in ${name}`, () => {
    sinkConformance({
      test,
      plugin: htmlSink,
      entry,
      streams,
      async setUp() {
        outputs += 1;
        const destination = join(folder, `${outputs}`, name);
        // A page shows some rows only. With so much room it shows all.
        const options = { events: 1_000_000, megabytes: 100 };
        return { destination, options, readRows: () => readShown(destination) };
      },
    });
  });
}
