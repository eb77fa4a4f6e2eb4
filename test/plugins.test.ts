import { once } from "node:events";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type SentrySimulator, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { decant, decantOk, makeFolder, startDecant } from "./support/decant.ts";
import { fingerprintFolder, fingerprintServed } from "./support/rows.ts";
import { startRegistry } from "./support/start-registry.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const core = join(root, "packages/core");
const hello = join(root, "plugins/hello");
const files = { module: "./index.js", summary: "Mine", resume: "none", streams: "one" };

/** A folder with a home of its own, in which the plugins are linked. */
async function linked(...plugins: readonly string[]): Promise<string> {
  const cwd = await makeFolder();
  for (const plugin of plugins) await decantOk(["plugins", "link", plugin], { cwd });
  return cwd;
}

/** Changes a plugin after it was linked: what is wrong from the start is refused then. */
async function changePlugin(folder: string, change: object): Promise<void> {
  const path = join(folder, "package.json");
  const manifest = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...manifest, ...change }));
}

interface PluginParts {
  readonly decant: object;
  readonly code?: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** Writes a plugin as somebody else would. */
async function writePlugin(name: string, { code = "", ...parts }: PluginParts): Promise<string> {
  const folder = join(await makeFolder(), name);
  const manifest = { name, version: "1.0.0", type: "module", oclif: {}, ...parts };
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "index.js"), code);
  return folder;
}

function environment(sentry: SentrySimulator): Record<string, string> {
  return { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
}

test("a linked plugin is listed, with its options, and its flags are in the help", async () => {
  const cwd = await linked(hello);
  const output = async (...args: string[]) => (await decantOk(args, { cwd })).stdout.toString();
  expect(await output("sinks")).toMatch(
    /^files +Write each row .* once by key +\(@decant\/plugin-hello\)$/m,
  );
  expect(await output("sinks", "files")).toContain("--files-name");
  expect(await output("auth", "list")).toMatch(/^env .*\(@decant\/plugin-hello\)$/m);
  const exportHelp = await output("help", "export", "sentry");
  expect(exportHelp).toMatch(/SINK FILES FLAGS\n +--files-name=<option>/);
  expect(exportHelp).toContain("<options: id|hash>");
  expect(await output("auth", "env", "print-token", "--help")).toContain("--variable=<value>");
  await decantOk(["plugins", "unlink", "@decant/plugin-hello"], { cwd });
  expect(await output("sinks")).not.toContain("files");
});

test("a plugin's sink takes an export, with its options, and verifies it", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 120 }] }],
    limits: false,
  });
  const cwd = await linked(hello);
  const options = { cwd, env: environment(sentry) };
  const command = ["export", "sentry", sentry.issues[0]!.id, "--sink", "files", "-q"];
  await decantOk([...command, "--files-name", "hash"], options);
  const names = await readdir(join(cwd, "events.d"));
  expect(names.every((name) => /^[0-9a-f]{64}\.json$/.test(name))).toBe(true);
  const served = fingerprintServed(sentry.events());
  expect(await fingerprintFolder(join(cwd, "events.d"))).toEqual(served);
  await decantOk(["verify", "events.d.decant"], options);

  await writeFile(join(cwd, "events.d", names[0]!), "{}");
  const { code, stderr } = await decant(["verify", "events.d.decant"], options);
  expect({ code, stderr }).toEqual({ code: 7, stderr: expect.stringContaining("events.d") });

  const wrong = await decant([...command, "-o", "other.d", "--files-name", "size"], options);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain("--files-name");
});

test.each(["SIGINT", "SIGKILL"] as const)(
  "an export into a plugin's sink is exact after %s",
  async (signal) => {
    await using sentry = await startSentry({
      projects: [{ slug: "web", issues: [{ events: 1_000 }] }],
      eventBytes: 2_000,
      limits: false,
    });
    const cwd = await linked(hello);
    const options = { cwd, env: environment(sentry) };
    const begin = ["export", "sentry", sentry.issues[0]!.id, "--sink", "files", "-o", "all", "-q"];
    const resume = ["resume", "all.decant", "-q"];
    for (const args of [begin, resume, resume]) {
      const { child, ended } = startDecant(args, options);
      const enough = sentry.log.length + 25;
      while (sentry.log.length < enough && child.exitCode === null) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      child.kill(signal);
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      const run = await ended;
      expect(run.signal ?? run.code, run.stderr).toBe(signal === "SIGINT" ? 130 : signal);
    }
    expect((await readdir(join(cwd, "all"))).length).toBeLessThan(1_000);
    await decantOk(resume, options);
    await decantOk(["verify", "all.decant"], options);
    expect(await fingerprintFolder(join(cwd, "all"))).toEqual(fingerprintServed(sentry.events()));
  },
);

test("a plugin's provider prints a token, and never in an error", async () => {
  const cwd = await linked(hello);
  const print = ["auth", "env", "print-token"];
  const env = { CI_TOKEN: "a-secret-token", CI_TOKEN_EXPIRES_AT: "2100-01-01T00:00:00Z" };
  const args = [...print, "--variable", "CI_TOKEN"];
  expect((await decantOk(args, { cwd, env })).stdout.toString()).toBe("a-secret-token\n");
  const json = [...args, "--principal", "ci", "--format", "json"];
  expect(JSON.parse((await decantOk(json, { cwd, env })).stdout.toString())).toMatchObject({
    token: "a-secret-token",
    type: "Bearer",
    expiresAt: "2100-01-01T00:00:00.000Z",
    principal: "ci",
  });
  const late = { ...env, CI_TOKEN_EXPIRES_AT: "2020-01-01T00:00:00Z" };
  const { code, stdout, stderr } = await decant(args, { cwd, env: late });
  expect({ code, stdout: stdout.toString() }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toContain("Code: ENV_TOKEN_EXPIRED");
  expect(stderr).not.toContain("a-secret-token");
});

test("a plugin of another contract is one line, and the rest works", async () => {
  const later = await writePlugin("later", { decant: { contract: 1, sinks: { later: files } } });
  const cwd = await linked(hello, later);
  await changePlugin(later, { decant: { contract: 2, sinks: { later: files } } });
  const { stdout, stderr } = await decantOk(["sinks"], { cwd });
  expect(stderr).toBe(
    'Plugin "later" is left out: its data asks for contract 2, and this decant knows 1\n',
  );
  expect(stdout.toString()).toMatch(/^files .*\n^json .*\n^ndjson .*\n^stdout /m);
});

test("a sink that two plugins give is one line, and the rest works", async () => {
  const twin = await writePlugin("twin", { decant: { contract: 1, sinks: { other: files } } });
  const cwd = await linked(hello, twin);
  await changePlugin(twin, { decant: { contract: 1, sinks: { files } } });
  const { stdout, stderr } = await decantOk(["sinks"], { cwd });
  expect(stderr.match(/.+/g)).toEqual([
    expect.stringMatching(/sink files .*@decant\/plugin-hello and twin/),
  ]);
  expect(stdout.toString()).toMatch(/^json .*\n^ndjson .*\n^stdout /m);
  expect(stdout.toString()).not.toContain("files");
  const run = await decant(["export", "sentry", "1", "--sink", "files"], { cwd });
  expect(run.code).toBe(2);
  expect(run.stderr).toContain("PLUGIN_CONFLICT");
});

test("a plugin whose folder is gone is one line, and can be removed", async () => {
  const gone = await writePlugin("gone", { decant: { contract: 1, sinks: { gone: files } } });
  const cwd = await linked(hello, gone);
  await rm(gone, { recursive: true });
  const { stdout, stderr } = await decantOk(["sinks"], { cwd });
  expect(stderr).toBe(
    `Plugin "gone" is left out: cannot read ${join(gone, "package.json")}. ` +
      "If it is gone for good: decant plugins uninstall gone\n",
  );
  expect(stdout.toString()).toMatch(/^files .*\n^json /m);
  expect((await decantOk(["plugins"], { cwd })).stdout.toString()).toMatch(/^gone +broken /m);
  await decantOk(["plugins", "uninstall", "gone"], { cwd });
  expect((await decantOk(["sinks"], { cwd })).stderr).toBe("");
});

test("a module that lacks a dependency is one error when it is chosen", async () => {
  const lacking = await writePlugin("lacking", {
    decant: { contract: 1, sinks: { lacking: files } },
    code: 'import "no-such-library"; export default {};',
  });
  const cwd = await linked(lacking);
  const { code, stderr } = await decant(["export", "ndjson", "-", "--sink", "lacking"], { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^Error: Cannot load "lacking" of plugin "lacking" .*no-such-library/);
  expect((await decantOk(["auth", "list"], { cwd })).stderr).toBe("");
});

test("a module that cannot be loaded is one error when it is chosen, and the rest works", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 5 }] }],
  });
  const broken = await writePlugin("broken", {
    decant: { contract: 1, sinks: { broken: files } },
    code: 'throw new Error("no such library");',
  });
  const cwd = await linked(hello, broken);
  const options = { cwd, env: environment(sentry) };
  const command = ["export", "sentry", sentry.issues[0]!.id, "-q"];
  const { code, stderr } = await decant([...command, "--sink", "broken"], options);
  expect(code).toBe(2);
  expect(stderr.split("\n")[0]).toBe(
    'Error: Cannot load "broken" of plugin "broken" (./index.js): no such library',
  );
  expect(stderr).toContain("PLUGIN_LOAD");
  expect((await decantOk(["sinks"], options)).stderr).toBe("");
  await decantOk([...command, "--sink", "files"], options);
  expect(await readdir(join(cwd, "events.d"))).toHaveLength(5);
});

test("a published plugin is installed with its dependencies, and its scripts are not run", async () => {
  const witness = join(await makeFolder(), "witness");
  const scripted = await writePlugin("scripted", {
    decant: { contract: 1, sinks: { scripted: files } },
    scripts: { postinstall: `node -e "fs.writeFileSync('${witness}', '')"` },
  });
  await using registry = await startRegistry([core, hello, scripted]);
  const cwd = await makeFolder();
  const env = { npm_config_registry: registry.url };
  await decantOk(["plugins", "install", "@decant/plugin-hello"], { cwd, env });
  const refused = await decant(["plugins", "install", "scripted"], { cwd, env });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("PLUGIN_UNTRUSTED");
  await decantOk(["plugins", "install", "scripted", "--yes"], { cwd, env });
  const { stdout, stderr } = await decantOk(["sinks"], { cwd });
  expect(stderr).toBe("");
  expect(stdout.toString()).toMatch(/^files .*\n^json .*\n^ndjson .*\n^scripted /m);
  await expect(readFile(witness)).rejects.toMatchObject({ code: "ENOENT" });
  const print = ["auth", "env", "print-token"];
  const token = await decantOk(print, { cwd, env: { DECANT_TOKEN: "abc" } });
  expect(token.stdout.toString()).toBe("abc\n");
  // The copy of core that the plugin brought is another one, and its errors are understood.
  const { code, stderr: error } = await decant(print, { cwd });
  expect({ code, error }).toEqual({ code: 3, error: expect.stringContaining("ENV_TOKEN_MISSING") });
});
