import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * The folder for what can be had again. A relative path in the variable does not count (XDG Base
 * Directory Specification).
 */
export function cacheFolder(env: (name: string) => string | undefined): string {
  const base = env("XDG_CACHE_HOME");
  const usable = base !== undefined && isAbsolute(base);
  return join(usable ? base : join(homedir(), ".cache"), "decant");
}
