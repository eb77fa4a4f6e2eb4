import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DecantError } from "@decant/core";

/** The user's file of plugins that are installed without a question. */
export function trustFile(configFolder: string): string {
  return join(configFolder, "trusted-plugins");
}

/**
 * Reads the names of that file: a package name or `@scope/*` a line, `#` begins a comment. decant's
 * own scope is always among them.
 *
 * @throws {DecantError} `TRUST_INVALID`.
 */
export async function readTrustedNames(file: string): Promise<readonly string[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw invalid(file, error.code ?? error.message);
  });
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, "").trim());
  const names = lines.filter(Boolean);
  const wrong = names.find((name) => !/^(@[\w.~-]+\/)?(\*|[\w.~-]+)$/.test(name) || name === "*");
  if (wrong !== undefined) throw invalid(file, `"${wrong}" is no package name and no @scope/*`);
  return ["@decant/*", ...names];
}

/** Whether a package is one of these. */
export function isTrusted(name: string, names: readonly string[]): boolean {
  return names.some((trusted) =>
    trusted.endsWith("/*") ? name.startsWith(trusted.slice(0, -1)) : name === trusted,
  );
}

function invalid(file: string, state: string): DecantError {
  return new DecantError("TRUST_INVALID", `Cannot read "${file}": ${state}`, {
    kind: "usage",
    hint: "It holds a package name or @scope/* a line.",
  });
}
