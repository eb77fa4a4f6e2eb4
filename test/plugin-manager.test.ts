import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { decant, decantOk, makeFolder } from "./support/decant.ts";
import { startRegistry } from "./support/start-registry.ts";

const run = promisify(execFile);

/** Writes a plugin that gives a sink of its own name. */
async function writePlugin(name: string, more: object = {}): Promise<string> {
  const folder = join(await makeFolder(), "plugin");
  const sink = { module: "./index.js", summary: "Mine", resume: "none", streams: "one" };
  const sinks = { [name.replace(/.*\//, "")]: sink };
  const manifest = { name, version: "1.0.0", type: "module", decant: { contract: 1, sinks } };
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify({ ...manifest, ...more }));
  await writeFile(join(folder, "index.js"), "export default { open() {} };\n");
  return folder;
}

test("plugins install takes names that are trusted, and leaves the others until it is told", async () => {
  const plugins = [await writePlugin("@decant/ours"), await writePlugin("@acme/theirs")];
  await using registry = await startRegistry(plugins);
  const options = { cwd: await makeFolder(), env: { npm_config_registry: registry.url } };
  const install = (...args: string[]) => decant(["plugins", "install", ...args], options);
  expect(await install("@decant/ours")).toMatchObject({
    code: 0,
    stderr: "Installing @decant/ours ...\nInstalled @decant/ours 1.0.0: sink ours\n",
  });
  const refused = await install("@acme/theirs");
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("PLUGIN_UNTRUSTED") });
  expect(refused.stderr).toContain("decant/trusted-plugins");

  const settings = join(options.cwd, ".home/.config/decant");
  await mkdir(settings, { recursive: true });
  await writeFile(join(settings, "trusted-plugins"), "@acme/* # they sit next door\n");
  expect((await install("@acme/theirs")).code).toBe(0);

  const list = JSON.parse(String((await decantOk(["plugins", "--json"], options)).stdout));
  expect(list).toMatchObject([
    { name: "@acme/theirs", version: "1.0.0", source: "registry", sinks: ["theirs"] },
    { name: "@decant/ours", version: "1.0.0", source: "registry", sinks: ["ours"] },
  ]);
  expect((await decantOk(["plugins", "update"], options)).stderr).toBe(
    "Updated @acme/theirs 1.0.0: sink theirs\nUpdated @decant/ours 1.0.0: sink ours\n",
  );
});

test("plugins install takes a tarball of this machine", async () => {
  const folder = await writePlugin("tarred", { version: "2.0.0" });
  const cwd = await makeFolder();
  await run("npm", ["pack", "--pack-destination", cwd], { cwd: folder });
  const unasked = await decant(["plugins", "install", "./tarred-2.0.0.tgz"], { cwd });
  expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining("PLUGIN_UNTRUSTED") });
  await decantOk(["plugins", "install", "./tarred-2.0.0.tgz", "-y"], { cwd });
  const { stdout } = await decantOk(["plugins"], { cwd });
  expect(String(stdout)).toMatch(
    /^tarred +2\.0\.0 +sink tarred +\(file .*tarred-2\.0\.0\.tgz\)\n$/,
  );
  const { stderr } = await decantOk(["plugins", "update"], { cwd });
  expect(stderr).toMatch(/^Left tarred as it is: it is .*tarred-2\.0\.0\.tgz\n$/);
});

test.each([
  ["git+https://git.invalid/acme/plugin.git", "PLUGIN_SOURCE_REFUSED"],
  ["acme/plugin", "PLUGIN_SOURCE_REFUSED"],
  ["http://web.invalid/plugin.tgz", "PLUGIN_SOURCE_REFUSED"],
  ["@decant/core@npm:evil", "PLUGIN_SOURCE_INVALID"],
  ["Not a name", "PLUGIN_SOURCE_INVALID"],
])("plugins install refuses %j, with --yes too", async (source, code) => {
  const cwd = await makeFolder();
  const refused = await decant(["plugins", "install", source, "--yes"], { cwd });
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(`Code: ${code}`) });
});

test("plugins install refuses a package that depends on a web address", async () => {
  const dependencies = { evil: "http://127.0.0.1:9/evil.tgz" };
  await using registry = await startRegistry([await writePlugin("@decant/led", { dependencies })]);
  const options = { cwd: await makeFolder(), env: { npm_config_registry: registry.url } };
  const refused = await decant(["plugins", "install", "@decant/led"], options);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("PLUGIN_SOURCE_REFUSED");
});

test("plugins install leaves nothing behind of what is no plugin, or has taken names", async () => {
  const bad = [
    await writePlugin("@decant/nothing", { decant: undefined }),
    await writePlugin("@decant/later", { decant: { contract: 2 } }),
    await writePlugin("@decant/ndjson"),
    await writePlugin("@decant/unbuilt", { files: ["package.json"] }),
  ];
  await using registry = await startRegistry(bad);
  const options = { cwd: await makeFolder(), env: { npm_config_registry: registry.url } };
  const said: string[] = [];
  for (const name of ["nothing", "later", "ndjson", "unbuilt", "absent"]) {
    const { code, stderr } = await decant(["plugins", "install", `@decant/${name}`], options);
    expect(code).toBe(2);
    said.push(stderr.split("\n")[1]!.replace(/^Error: Cannot \w+ /, ""));
  }
  expect(said).toEqual([
    '"@decant/nothing" as a plugin: its package.json has no key decant, so it is no plugin of decant',
    expect.stringContaining("asks for contract 2, and this decant knows 1"),
    expect.stringContaining(
      'The sink ndjson of plugin "@decant/ndjson" is left out: decant has its own',
    ),
    '"@decant/unbuilt" as a plugin: it lacks ./index.js: is it built?',
    '"@decant/absent": the registry does not have it',
  ]);
  expect(await readdir(join(options.cwd, ".home/.local/share/decant/plugins"))).toEqual([]);
});

test("plugins of different processes at once are all there", async () => {
  const names = ["a", "b", "c", "d", "e"].map((letter) => `@decant/${letter}`);
  await using registry = await startRegistry(
    await Promise.all(names.map((name) => writePlugin(name))),
  );
  const options = { cwd: await makeFolder(), env: { npm_config_registry: registry.url } };
  await Promise.all(names.map((name) => decantOk(["plugins", "install", name], options)));
  const index = join(options.cwd, ".home/.local/share/decant/package.json");
  const { oclif } = JSON.parse(await readFile(index, "utf8"));
  expect(oclif.plugins.map(({ name }: { name: string }) => name)).toEqual(names);
});

test("completion has the flags of a plugin that was installed after it was set up", async () => {
  const cwd = await makeFolder();
  await decantOk(["autocomplete", "bash"], { cwd });
  const folder = await writePlugin("@decant/late");
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  manifest.decant.sinks.late.options = { depth: { type: "integer", summary: "How deep" } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await decantOk(["plugins", "link", folder], { cwd });
  const functions = join(cwd, ".home/.cache/decant/autocomplete/functions/bash/decant.bash");
  expect(await readFile(functions, "utf8")).toContain("--late-depth");
});
