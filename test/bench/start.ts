import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decantOk, makeFolder, program } from "../support/decant.ts";
import { serve } from "../support/serve.ts";
import { type Command, measure, median, ratio } from "./measure.ts";
import { type Scale, type Section, seconds, type Target, times } from "./report.ts";

const plugins = fileURLToPath(new URL("../../plugins", import.meta.url));
const linked = 10;

/** How long a command takes from the start of its process to its end. */
export async function benchStart({ quick, rounds }: Scale): Promise<Section> {
  await using servers = await serve({});
  const keyFile = join(await makeFolder(), "key.json");
  await writeFile(keyFile, JSON.stringify(servers.google.key));
  const alone = await makeFolder();
  const withPlugins = await makeFolder();
  for (const plugin of await tenPlugins()) {
    await decantOk(["plugins", "link", plugin], inHome(withPlugins));
  }
  // A token is recalled only where no plugin has come since shortly before it was printed.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const commands = {
    "decant --version": ["--version"],
    "decant auth gcp print-token, kept": ["auth", "gcp", "print-token", "--key-file", keyFile],
    "decant export sentry --help": ["export", "sentry", "--help"],
    "decant sinks": ["sinks"],
  };
  const contenders: Record<string, Command> = {
    [baseline]: { command: process.execPath, args: ["-e", "0"], ...inHome(alone) },
  };
  for (const [name, args] of Object.entries(commands)) {
    for (const [home, suffix] of [
      [alone, ""],
      [withPlugins, andPlugins],
    ] as const) {
      // Once before, as what it keeps from run to run is there in all runs but the first.
      await decantOk(args, inHome(home));
      contenders[name + suffix] = {
        command: process.execPath,
        args: [program, ...args],
        ...inHome(home),
      };
    }
  }
  const taken = await measure(contenders, quick ? rounds : 3 * rounds);
  return report(taken, Object.keys(commands));
}

const baseline = "node -e 0";
const andPlugins = `, ${linked} plugins`;

/** An environment of its own, with nothing of the tester's. */
function inHome(home: string) {
  const cwd = home;
  const env = {
    HOME: home,
    XDG_CACHE_HOME: "",
    XDG_CONFIG_HOME: "",
    XDG_DATA_HOME: "",
    NODE_COMPILE_CACHE: "",
  };
  return { cwd, env };
}

/** All plugins that are here, and as many made up as are wanting. */
async function tenPlugins(): Promise<string[]> {
  const entries = await readdir(plugins, { withFileTypes: true });
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(plugins, name))
    .slice(0, linked);
  while (folders.length < linked) folders.push(await makePlugin(`bench-${folders.length}`));
  return folders;
}

async function makePlugin(name: string): Promise<string> {
  const folder = join(await makeFolder(), name);
  const sink = { module: "./index.js", summary: "Mine", resume: "none", streams: "one" };
  const decant = { contract: 1, sinks: { [name]: sink } };
  const manifest = { name, version: "1.0.0", type: "module", decant };
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "index.js"), "export default { open() {} };\n");
  return folder;
}

function report(
  taken: Readonly<Record<string, readonly number[]>>,
  names: readonly string[],
): Section {
  const floor = taken[baseline]!;
  const table = [["", "median", "to node -e 0", `${linked} plugins`, "to none"]];
  table.push([baseline, seconds(median(floor)), "", "", ""]);
  const targets: Target[] = [];
  for (const name of names) {
    const own = taken[name]!;
    const more = taken[name + andPlugins]!;
    const toNode = ratio(own, floor);
    const toNone = ratio(more, own);
    table.push([name, seconds(median(own)), times(toNode), seconds(median(more)), times(toNone)]);
    const most = /version|kept/.test(name) ? 2 : 4;
    targets.push(
      {
        target: `${name}: at most ${most.toFixed(1)} x node -e 0`,
        measured: times(toNode),
        reached: toNode <= most,
        floor: "not known: not looked into yet",
      },
      {
        target: `${name}: ${linked} plugins add under 10 percent`,
        measured: times(toNone),
        reached: toNone < 1.1,
        floor: `${((median(more) - median(own)) / linked).toFixed(1)} ms for each plugin; not looked into yet`,
      },
    );
  }
  return {
    title: "Start",
    about: `A process from its start to its end, beside a Node that does nothing; each has run once before.`,
    table,
    targets,
  };
}
