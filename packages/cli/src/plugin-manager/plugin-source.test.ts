import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parsePluginSource } from "./plugin-source.ts";

test("parsePluginSource() tells names, versions and ranges", () => {
  const parse = (text: string) => parsePluginSource(text, "/nowhere");
  expect(parse("@decant/sink-csv")).toEqual({
    kind: "registry",
    spec: "@decant/sink-csv",
    name: "@decant/sink-csv",
    fixed: false,
  });
  expect(parse("kafka@2")).toMatchObject({ kind: "registry", name: "kafka", fixed: false });
  expect(parse("kafka@2.0.1")).toMatchObject({ spec: "kafka@2.0.1", fixed: true });
  expect(parse("kafka@next")).toMatchObject({ name: "kafka", fixed: false });
});

test("parsePluginSource() tells what comes from elsewhere", () => {
  for (const text of [
    "https://example.com/a.tgz",
    "git+ssh://git@example.com/a.git",
    "acme/plugin",
    "github:acme/plugin",
    "@decant/core@https://example.com/evil.tgz",
  ]) {
    const source = parsePluginSource(text, "/nowhere");
    expect(source, text).toMatchObject({ kind: "remote" });
    expect(source.name).toBeUndefined();
  }
});

test("parsePluginSource() tells a tarball from a folder", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "decant-source-"));
  await writeFile(join(cwd, "a.tgz"), "");
  await mkdir(join(cwd, "plugins/hello"), { recursive: true });
  expect(parsePluginSource("./a.tgz", cwd)).toEqual({
    kind: "file",
    spec: join(cwd, "a.tgz"),
    fixed: true,
  });
  for (const text of ["./plugins/hello", "plugins/hello", join(cwd, "plugins")]) {
    expect(() => parsePluginSource(text, cwd), text).toThrow(/it is a folder/);
  }
});

test.each(["@decant/core@npm:evil", "Not A Name", "@decant/", ""])(
  "parsePluginSource() refuses %j",
  (text) => {
    expect(() => parsePluginSource(text, "/nowhere")).toThrow(
      expect.objectContaining({ code: "PLUGIN_SOURCE_INVALID" }),
    );
  },
);
