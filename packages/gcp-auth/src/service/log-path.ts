import { escapeControls } from "@decant/core";

const longest = 200;

/**
 * A path as the access log has it. Nothing is at most paths that clients make up, but a token that was
 * put there by mistake would be in the log: long parts of those are left out.
 */
export function logPath(path: string, status: number): string {
  const known = status < 300;
  const shown = known ? path : path.replace(/[^/@]{40,}/g, "...");
  return escapeControls(shown.slice(0, longest));
}
