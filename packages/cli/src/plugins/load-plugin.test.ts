import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadSink } from "./load-plugin.ts";

async function load(text: string, module = "./index.mjs") {
  const root = await mkdtemp(join(tmpdir(), "decant-plugin-"));
  await writeFile(join(root, "index.mjs"), text);
  const entry = { module, summary: "", resume: "none", streams: "one" } as const;
  return await loadSink({ name: "x", entry, plugin: "decant-plugin-x", version: "1.0.0", root });
}

test("loadSink() gives the default export", async () => {
  const sink = await load('export default { resume: "keyed", open() {} };');
  expect(sink.resume).toBe("keyed");
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
