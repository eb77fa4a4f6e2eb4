import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startSentry } from "@decant/simulator";
import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { expect, test } from "vitest";
import { makeFolder } from "./support/decant.ts";
import { startVerdaccio, type Verdaccio } from "./support/start-verdaccio.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));

/** Publishes as a release does, but for the tags in git. */
async function publishAll(registry: Verdaccio): Promise<void> {
  await run("npm", ["run", "release:npm", "--", "--no-git-tag"], {
    cwd: root,
    env: { ...process.env, ...registry.env },
  });
}

/** An empty machine: nothing but Node, npm and a network. */
async function installFromRegistry(registry: Verdaccio) {
  const home = await makeFolder();
  const prefix = join(home, "npm");
  const env = { ...registry.env, PATH: process.env["PATH"]!, HOME: home };
  await run("npm", ["install", "--global", "--prefix", prefix, "decant"], { cwd: home, env });
  const decant = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    run(join(prefix, "bin/decant"), args, { cwd: home, env: { ...env, ...more } });
  return { home, prefix, decant };
}

test("from an empty machine to rows in Parquet, with a plugin from a registry", {
  timeout: 300_000,
}, async () => {
  await using registry = await startVerdaccio();
  await publishAll(registry);
  const { home, prefix, decant } = await installFromRegistry(registry);
  expect((await decant(["--version"])).stdout).toMatch(/^decant\/\d+\.\d+\.\d+ /);
  // What installs plugins is the machine's own npm.
  const installed = await readdir(join(prefix, "lib/node_modules/decant/node_modules"));
  expect(installed).not.toContain("npm");

  const { stderr } = await decant(["plugins", "install", "@decant/sink-parquet"]);
  expect(stderr).toMatch(/^Installed @decant\/sink-parquet \d+\.\d+\.\d+: sink parquet$/m);
  expect((await decant(["sinks"])).stdout).toMatch(/^parquet .*\(@decant\/sink-parquet\)$/m);
  expect((await decant(["export", "sentry", "--help"])).stdout).toContain("SINK PARQUET FLAGS");

  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 250 }] }],
    limits: false,
  });
  const env = { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
  const output = join(home, "events.parquet");
  await decant(
    ["export", "sentry", sentry.issues[0]!.id, "--sink", "parquet", "-o", output, "-q"],
    env,
  );
  const bytes = await readFile(output);
  const rows = await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    compressors,
  });
  const served = sentry.events().map(({ id }) => id);
  expect(rows.map((row) => row["row_id"]).sort()).toEqual(served.sort());
  await decant(["verify", `${output}.decant`], env);
});
