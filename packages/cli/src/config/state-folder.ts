import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * The folder for what the program keeps from run to run. A relative path in the variable does not
 * count (XDG Base Directory Specification).
 */
export function stateFolder(env: (name: string) => string | undefined): string {
  const base = env("XDG_STATE_HOME");
  const usable = base !== undefined && isAbsolute(base);
  return join(usable ? base : join(homedir(), ".local", "state"), "decant");
}
