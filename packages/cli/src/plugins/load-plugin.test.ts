import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadSink } from "./load-plugin.ts";

async function load(text: string, module = "./index.mjs") {
  const root = await mkdtemp(join(tmpdir(), "decant-plugin-"));
  await writeFile(join(root, "index.mjs"), text);
  const entry = { module, summary: "", resume: "none", streams: "one" } as const;
  const plugin = { plugin: "decant-plugin-x", builtIn: false, version: "1.0.0", root };
  return await loadSink({ name: "x", entry, ...plugin });
}

test("loadSink() gives the default export", async () => {
  const sink = await load('export default { resume: "none", streams: "one", open() {} };');
  expect(sink.open).toBeTypeOf("function");
});

test("loadSink() refuses a module that is not what its data says", async () => {
  for (const [fields, state] of [
    ['resume: "keyed", streams: "one"', 'resume is "keyed" in its module and "none" in its'],
    ['resume: "none", streams: "many"', 'streams is "many" in its module and "one" in its'],
    ['resume: "none"', 'streams is undefined in its module and "one" in its package.json'],
  ]) {
    const loading = load(`export default { ${fields}, open() {} };`);
    await expect(loading).rejects.toMatchObject({
      code: "PLUGIN_INVALID",
      message: expect.stringContaining(state!),
    });
  }
});

test("loadSink() names plugin and module when it cannot be loaded", async () => {
  const cases = [
    ["throw new Error('no such library')", "./index.mjs", "no such library"],
    ["export default {}", "./index.mjs", "no default export with an open function"],
    ["export {}", "./index.mjs", "no default export with an open function"],
    ["", "./missing.mjs", "missing.mjs"],
    ["", "../index.mjs", "outside the plugin"],
    ["", "/etc/index.mjs", "outside the plugin"],
  ] as const;
  for (const [text, module, reason] of cases) {
    await expect(load(text, module)).rejects.toMatchObject({
      code: "PLUGIN_LOAD",
      message: expect.stringMatching(/"x".*"decant-plugin-x"/),
    });
    await expect(load(text, module)).rejects.toThrow(reason);
  }
});
