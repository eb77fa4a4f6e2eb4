import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

const manifest = new URL("../../packages/cli/package.json", import.meta.url);

/** What the first line of a program's output says, on either channel; absent where there is none. */
function ask(command: string, args: readonly string[]): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (error !== undefined || status !== 0) return undefined;
  return (stdout || stderr).trim().split("\n")[0];
}

/** Tells whether a program is there. */
export function isInstalled(command: string): boolean {
  return spawnSync(command, ["--version"]).error === undefined;
}

/** A Python that has requests: its path and what versions these are. */
export function findPython(): { readonly path: string; readonly versions: string } | undefined {
  const code =
    "import platform, requests, sys; print(sys.executable, platform.python_version(), requests.__version__)";
  const [path, python, requests] = ask("python3", ["-c", code])?.split(" ") ?? [];
  if (path === undefined) return undefined;
  return { path, versions: `Python ${python} with requests ${requests}` };
}

/** The machine and the programs, as lines of Markdown. */
export function describeMachine(): string {
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string };
  const cwd = fileURLToPath(new URL(".", manifest));
  const commit = ask("git", ["-C", cwd, "rev-parse", "--short", "HEAD"]);
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  const [load = 0] = loadavg();
  const versions = [
    `decant ${version}${commit === undefined ? "" : ` (${commit})`}`,
    `Node ${process.versions.node}`,
    ask("curl", ["--version"])?.replace(/^(\S+ \S+).*/, "$1"),
    findPython()?.versions,
    ask("nginx", ["-v"])?.replace(/^nginx version: nginx\//, "nginx "),
    `npm ${ask("npm", ["--version"])}`,
  ];
  return [
    `- Machine: ${availableParallelism()} cores of ${cpus()[0]?.model.trim()}, ${gib} GiB, ${process.platform} ${process.arch}; load average at the start ${load.toFixed(1)}`,
    `- Versions: ${versions.filter((one) => one !== undefined).join(", ")}`,
  ].join("\n");
}
