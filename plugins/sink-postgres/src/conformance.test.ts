import type { PluginData } from "@decant/core";
import { sinkConformance } from "@decant/core/conformance";
import { afterAll, describe, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { postgresSink } from "./postgres-sink.ts";
import { startPostgres } from "./start-postgres.ts";

const { sinks } = manifest.decant as PluginData;
const server = await startPostgres();
afterAll(() => server.stop());
let outputs = 0;

for (const streams of ["one", "many"] as const) {
  describe(`${streams} in an output`, () => {
    sinkConformance({
      test,
      plugin: postgresSink,
      entry: sinks!["postgres"]!,
      streams,
      async setUp() {
        outputs += 1;
        const options = { schema: `output ${outputs}` };
        return {
          destination: `postgres:///postgres?user=postgres&host=${server.folder}&port=${server.port}`,
          options,
        };
      },
    });
  });
}
