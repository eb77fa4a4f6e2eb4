import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { DecantError, escapeControls } from "@decant/core";
import parse from "npm-package-arg";

/** Where a plugin is installed from. */
export interface PluginSource {
  /** `registry` by name, `file` a tarball of this machine, `remote` any other place: git, or a web address. */
  readonly kind: "registry" | "file" | "remote";
  /** What npm is given. */
  readonly spec: string;
  /** The package's name, where it is known before anything was fetched. */
  readonly name?: string;
  /** Whether it names one version, so that there is nothing to update to. */
  readonly fixed: boolean;
}

const namePlease = "Give a package name, such as @decant/sink-sqlite, or a tarball.";

/**
 * Reads what stands behind `decant plugins install`, with npm's own rules.
 *
 * @param cwd The folder that a relative path starts from.
 * @throws {DecantError} `PLUGIN_SOURCE_INVALID`, for a folder and an alias, too.
 */
export function parsePluginSource(text: string, cwd: string): PluginSource {
  const found = parsed(text, cwd);
  switch (found.type) {
    case "version":
    case "range":
    case "tag": {
      const { name, raw, type } = found;
      if (!name) throw invalid(text, "it has no name", namePlease);
      return { kind: "registry", spec: raw, name, fixed: type === "version" };
    }
    case "file":
      return { kind: "file", spec: found.fetchSpec!, fixed: true };
    case "git":
    case "remote":
      // `a/b` is a repository of GitHub to npm, whatever lies there.
      if (existsSync(resolve(cwd, text))) throw aFolder(text);
      return { kind: "remote", spec: found.saveSpec ?? text, fixed: false };
    case "directory":
      throw aFolder(text);
    default:
      // Under the name that is trusted would come another package.
      throw invalid(text, "it gives a package another name", "Name the package itself.");
  }
}

function parsed(text: string, cwd: string): parse.Result {
  try {
    return parse(text, cwd);
  } catch (error) {
    const { message } = error as Error;
    throw invalid(text, message, namePlease);
  }
}

function aFolder(text: string): DecantError {
  return invalid(text, "it is a folder", `Link it: decant plugins link '${text}'`);
}

function invalid(text: string, state: string, hint: string): DecantError {
  return new DecantError(
    "PLUGIN_SOURCE_INVALID",
    `Cannot install "${escapeControls(text)}": ${state}`,
    { kind: "usage", hint },
  );
}
