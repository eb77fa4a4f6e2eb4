import { execFile } from "node:child_process";
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { makeFolder } from "../support/decant.ts";
import { startVerdaccio, type Verdaccio } from "../support/start-verdaccio.ts";
import { interleave, median, ratio, time } from "./measure.ts";
import { type Scale, type Section, seconds, times } from "./report.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

/** What `oclif generate` puts into a new program. */
const trivial = {
  name: "bench-trivial",
  version: "1.0.0",
  type: "module",
  bin: { "bench-trivial": "./run.js" },
  dependencies: { "@oclif/core": "^5", "@oclif/plugin-help": "^7", "@oclif/plugin-plugins": "^7" },
  oclif: { bin: "bench-trivial", plugins: ["@oclif/plugin-help", "@oclif/plugin-plugins"] },
};

/** What it takes to install decant. */
export async function benchInstall({ rounds }: Scale): Promise<Section> {
  await using registry = await startVerdaccio();
  const env = { ...process.env, ...registry.env };
  // As a release publishes, but for the tags in git.
  await run("npm", ["run", "release:npm", "--", "--no-git-tag"], { cwd: root, env });
  await publishTrivial(registry);
  // The registry fetches from its own what it does not have: once, before any of it is timed.
  for (const name of ["decant", trivial.name]) await install(registry, name);
  const { decant, baseline } = await interleave(
    {
      baseline: () => install(registry, trivial.name),
      decant: () => install(registry, "decant"),
    },
    rounds,
  );
  const ms = (all: readonly Installed[]) => all.map((one) => one.ms);
  const row = (name: string, all: readonly Installed[]) => [
    name,
    seconds(median(ms(all))),
    `${megabytes(all).toFixed(1)} MB`,
    String(all[0]!.packages),
    times(ratio(ms(all), ms(baseline))),
    times(megabytes(all) / megabytes(baseline)),
  ];
  return {
    title: "Install",
    about: `\`npm install --global\` from a registry on loopback that has all of it, with an empty cache of npm. Beside it
what \`oclif generate\` begins with: a program that does nothing, but has help and can install plugins.`,
    table: [
      ["", "time", "size", "packages", "time", "size"],
      row("oclif's own start", baseline),
      row("decant", decant),
    ],
    targets: [
      {
        target: "decant, with what installs plugins: under 15 MB",
        measured: `${megabytes(decant).toFixed(1)} MB`,
        reached: megabytes(decant) < 15,
        floor: "not known: not looked into yet",
      },
    ],
  };
}

interface Installed {
  readonly ms: number;
  readonly bytes: number;
  readonly packages: number;
}

function megabytes(all: readonly Installed[]): number {
  return median(all.map(({ bytes }) => bytes)) / 1e6;
}

/** Installs a program on an empty machine. */
async function install(registry: Verdaccio, name: string): Promise<Installed> {
  const home = await makeFolder();
  const prefix = join(home, "npm");
  const env = { ...registry.env, HOME: home, npm_config_cache: join(home, "cache") };
  const flags = ["--global", "--prefix", prefix, "--no-audit", "--no-fund"];
  const ms = await time({ command: "npm", args: ["install", ...flags, name], cwd: home, env });
  const folder = join(prefix, "lib/node_modules");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  const packages = files.filter(
    ({ name, parentPath }) =>
      name === "package.json" && /node_modules\/(@[^/]+\/)?[^/@]+$/.test(parentPath),
  ).length;
  return { ms, bytes: sizes.reduce((sum, size) => sum + size, 0), packages };
}

async function publishTrivial({ env }: Verdaccio): Promise<void> {
  const folder = join(await makeFolder(), trivial.name);
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify(trivial));
  await writeFile(
    join(folder, "run.js"),
    '#!/usr/bin/env node\nimport { execute } from "@oclif/core";\nawait execute({ dir: import.meta.url });\n',
  );
  await run("npm", ["publish"], { cwd: folder, env: { ...process.env, ...env } });
}
