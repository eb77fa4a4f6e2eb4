import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const conditions = ["@decant/source", "node", "import", "module", "default"];

export default defineConfig({
  resolve: { conditions },
  // Node adds "import" or "require" by itself: said here, "import" would hold for require(), too.
  ssr: { resolve: { conditions: ["@decant/source", "node"], externalConditions: conditions } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "plugins/*/src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 30_000,
    // Many tests wait for a process or a server, also where there are few cores.
    maxWorkers: Math.max(3, availableParallelism()),
  },
});
