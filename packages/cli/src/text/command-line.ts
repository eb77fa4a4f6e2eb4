import { basename, relative, sep } from "node:path";

/**
 * Writes a command of this program, to be pasted into a shell where the program was started.
 *
 * @param words What stands behind the program's name.
 */
export function commandLine(...words: readonly string[]): string {
  return [...programWords(process.argv[1] ?? "", process.env), ...words.map(quote)].join(" ");
}

/**
 * How the program is started: by its name, by its path in a checkout, or there by npm, which finds
 * the Node that the workspace brings where the user's own is too old.
 */
export function programWords(
  path: string,
  { npm_package_name: workspace, npm_lifecycle_event: script }: NodeJS.ProcessEnv,
): readonly string[] {
  if (basename(path) !== "decant.js" || path.split(sep).includes("node_modules")) return ["decant"];
  if (workspace === "decant-workspace" && (script === "demo" || script === "decant")) {
    return ["npm", "run", "-s", "decant", "--"];
  }
  const near = relative(process.cwd(), path);
  return ["node", quote(near.startsWith("..") ? path : near)];
}

/** Quotes for a POSIX shell what it would not take as one word. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
