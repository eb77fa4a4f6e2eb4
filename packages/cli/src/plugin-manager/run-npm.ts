import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { DecantError } from "@decant/core";

/** What npm may do besides fetching packages of a registry. */
export interface NpmPermissions {
  /** Whether packages may run scripts while they are installed. */
  readonly scripts: boolean;
  /** Whether packages may come from git or from web addresses. */
  readonly remote: boolean;
}

/**
 * Installs a package and what it depends on into a folder, with the machine's npm and its settings:
 * registries, proxies and logins are those that npm has.
 *
 * @param spec As npm takes it.
 * @throws {DecantError} `NPM_MISSING`, `PLUGIN_NOT_FOUND`, `PLUGIN_INSTALL_FAILED`.
 */
export async function installPackage(
  spec: string,
  { folder, scripts, remote }: NpmPermissions & { readonly folder: string },
): Promise<void> {
  const { code, stderr } = await npm([
    "install",
    "--save",
    "--omit=dev",
    "--no-audit",
    "--no-fund",
    "--no-global",
    "--no-workspaces",
    "--loglevel=error",
    `--ignore-scripts=${!scripts}`,
    ...(remote ? [] : ["--allow-git=none", "--allow-remote=none"]),
    `--prefix=${folder}`,
    "--",
    spec,
  ]);
  if (code !== 0) throw failed(spec, stderr);
}

function npm(args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const [command, ...before] = npmCommand();
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...before, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-20_000);
    });
    child.on("error", (cause) => reject(missing(cause)));
    child.on("close", (code) => resolve({ code, stderr }));
  });
}

/** On Windows npm is a script that only a shell runs, and a shell reads more into arguments than they say. */
function npmCommand(): readonly [string, ...string[]] {
  if (process.platform !== "win32") return ["npm"];
  const script = join(dirname(process.execPath), "node_modules", "npm", "bin", "npm-cli.js");
  return [process.execPath, script];
}

function failed(spec: string, stderr: string): DecantError {
  const lines = stderr.split("\n").map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim());
  const code = lines.find((line) => line.startsWith("code "))?.slice(5);
  if (code === "E404" || code === "ETARGET") {
    return new DecantError(
      "PLUGIN_NOT_FOUND",
      `Cannot install "${spec}": the registry does not have ${code === "E404" ? "it" : "that version"}`,
      { kind: "usage", hint: 'Check its name, and the registry: "npm config get registry".' },
    );
  }
  if (code === "EALLOWGIT" || code === "EALLOWREMOTE") {
    return new DecantError(
      "PLUGIN_SOURCE_REFUSED",
      `Cannot install "${spec}": what it depends on comes from git or from a web address`,
      { kind: "usage", hint: "If you trust all of it, install it with --allow-remote." },
    );
  }
  const reason = lines.find((line) => line !== "" && !/^(code|errno|syscall|path) /.test(line));
  return new DecantError(
    "PLUGIN_INSTALL_FAILED",
    `Cannot install "${spec}": npm says: ${reason ?? "nothing"}`,
    {
      kind: "source",
      hint: "Nothing was changed. See what npm itself says: npm view PACKAGE",
    },
  );
}

function missing(cause: unknown): DecantError {
  return new DecantError("NPM_MISSING", "Cannot install a plugin: there is no npm in PATH", {
    kind: "usage",
    hint: 'Install npm, which Node brings, or link a folder: "decant plugins link PATH".',
    cause,
  });
}
