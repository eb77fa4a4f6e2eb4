import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type SentrySimulator, startSentry } from "@decant/simulator";
import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { afterAll, beforeAll, expect, test } from "vitest";
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
interface Machine {
  readonly home: string;
  readonly prefix: string;
  decant(args: readonly string[], more?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Runs what a user types. */
  shell(command: string, cwd: string): Promise<Ended>;
}

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
}

async function installFromRegistry(registry: Verdaccio): Promise<Machine> {
  const home = await makeFolder();
  const prefix = join(home, "npm");
  const path = `${join(prefix, "bin")}:${process.env["PATH"]}`;
  const env = { ...registry.env, HOME: home, PATH: path };
  await run("npm", ["install", "--global", "--prefix", prefix, "decant"], { cwd: home, env });
  return {
    home,
    prefix,
    decant: (args, more) => run("decant", args, { cwd: home, env: { ...env, ...more } }),
    shell: (command, cwd) => run("sh", ["-c", command], { cwd, env }),
  };
}

let registry: Verdaccio;
let machine: Machine;
let sentry: SentrySimulator;

beforeAll(async () => {
  registry = await startVerdaccio();
  await publishAll(registry);
  machine = await installFromRegistry(registry);
  sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 250 }] }],
    limits: false,
  });
}, 300_000);

afterAll(async () => {
  await sentry?.[Symbol.asyncDispose]();
  await registry?.[Symbol.asyncDispose]();
});

function environment(): Record<string, string> {
  return { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
}

function exportCommand(): string[] {
  return ["export", "sentry", sentry.issues[0]!.id, "--quiet"];
}

test("from an empty machine to rows in Parquet, with a plugin from a registry", {
  timeout: 300_000,
}, async () => {
  const { home, prefix, decant } = machine;
  expect((await decant(["--version"])).stdout).toMatch(/^decant\/\d+\.\d+\.\d+ /);
  // What installs plugins is the machine's own npm.
  const installed = await readdir(join(prefix, "lib/node_modules/decant/node_modules"));
  expect(installed).not.toContain("npm");

  const { stderr } = await decant(["plugins", "install", "@decant/sink-parquet"]);
  expect(stderr).toMatch(/^Installed @decant\/sink-parquet \d+\.\d+\.\d+: sink parquet$/m);
  expect((await decant(["sinks"])).stdout).toMatch(/^parquet .*\(@decant\/sink-parquet\)$/m);
  expect((await decant(["export", "sentry", "--help"])).stdout).toContain("SINK PARQUET FLAGS");

  const output = join(home, "events.parquet");
  await decant([...exportCommand(), "--sink", "parquet", "-o", output], environment());
  const bytes = await readFile(output);
  const rows = await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    compressors,
  });
  const served = [...sentry.events()].map(({ id }) => id);
  expect(rows.map((row) => String(row["row_id"]).replace(/.*\//, "")).sort()).toEqual(
    served.sort(),
  );
  await decant(["verify", `${output}.decant`], environment());
});

test("a provider that was installed has its commands, and another user has none of it", async () => {
  const { decant } = machine;
  const { stderr } = await decant(["plugins", "install", "@decant/auth-oidc"]);
  expect(stderr).toMatch(/^Installed @decant\/auth-oidc \d+\.\d+\.\d+: provider oidc$/m);
  expect((await decant(["auth", "list"])).stdout).toMatch(/^oidc .*\(@decant\/auth-oidc\)$/m);
  const told = await decant(["auth", "oidc", "print-token"]).catch((error: unknown) => error);
  expect(told).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/Code: OIDC_/) });
  const other = await makeFolder();
  expect((await decant(["auth", "list"], { HOME: other })).stdout).not.toContain("oidc");
});

test("docs/plugins.md leads from an empty folder to a plugin that is installed and used", {
  timeout: 300_000,
}, async () => {
  const { home, decant } = machine;
  const folder = join(home, "my-plugin");
  const { files, commands } = readGuide(await readFile(join(root, "docs/plugins.md"), "utf8"));
  expect(files.map(([name]) => name)).toEqual([
    "package.json",
    "tsconfig.json",
    "src/folder.ts",
    "src/folder.test.ts",
  ]);
  await mkdir(join(folder, "src"), { recursive: true });
  for (const [name, text] of files) await writeFile(join(folder, name), text);
  expect(commands).toContain("npm test");
  for (const command of commands) await machine.shell(command, folder);

  const exported = ["-o", join(home, "rows.d")];
  await decant([...exportCommand(), "--sink", "folder", ...exported], environment());
  expect(await readdir(join(home, "rows.d"))).toHaveLength(250);
  await decant(["verify", join(home, "rows.d.decant")], environment());

  // Published, it comes to another user by its name.
  await decant(["plugins", "unlink", "decant-plugin-folder"]);
  await machine.shell("npm publish", folder);
  const { stderr } = await decant(["plugins", "install", "decant-plugin-folder", "--yes"]);
  expect(stderr).toContain("Installed decant-plugin-folder 1.0.0: sink folder\n");
});

/** The files of the guide by name, and its commands. */
function readGuide(guide: string): { files: [string, string][]; commands: string[] } {
  const part = guide.slice(guide.indexOf("## From an empty folder"), guide.indexOf("## Say what"));
  const files = [...part.matchAll(/^`([\w./]+)`\n\n```\w+\n(.*?)^```$/gms)].map(
    ([, name, text]): [string, string] => [name!, text!],
  );
  const [, commands = ""] = /^```sh\n(.*?)^```$/ms.exec(part) ?? [];
  return { files, commands: commands.trim().split("\n") };
}
