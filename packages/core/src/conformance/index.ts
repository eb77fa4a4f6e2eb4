/**
 * Suites that hold a sink or a token provider to its contract. They take the runner's `test`, so
 * that they work with vitest, Deno and Bun alike.
 *
 * @module
 */

export {
  type SinkConformanceOptions,
  type SinkRow,
  type SinkSetup,
  sinkConformance,
} from "./sink-conformance.ts";
export type { TestFunction } from "./test-function.ts";
export {
  type TokenProviderConformanceOptions,
  tokenProviderConformance,
} from "./token-provider-conformance.ts";
