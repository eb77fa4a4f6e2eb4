/**
 * The part of a test runner that the suites need: `test` of vitest, `node:test`, `bun:test`, or
 * `Deno.test`.
 */
export type TestFunction = (name: string, body: () => Promise<void>) => void;
