import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { DecantError } from "@decant/core";
import { parseIni } from "./parse-ini.ts";

/** What a `.sentryclirc` says. */
interface SentryclircFile {
  readonly path: string;
  readonly token?: string;
  readonly url?: string;
  readonly org?: string;
  readonly project?: string;
}

/** The files of sentry-cli that count: the user's own, and the nearest one of the project. */
export interface Sentryclirc {
  readonly home?: SentryclircFile;
  readonly local?: SentryclircFile;
}

const names = [".sentryclirc", "sentrycli.ini"];

/**
 * Reads the files that sentry-cli would: `~/.sentryclirc`, and the nearest one from a folder upwards.
 *
 * @throws {DecantError} `CONFIG_UNREADABLE` when one is there and cannot be read.
 */
export async function readSentryclirc({
  cwd,
  home,
}: {
  readonly cwd: string;
  readonly home: string;
}): Promise<Sentryclirc> {
  const own = await readOne(join(home, ".sentryclirc"));
  const near = await readNearest(cwd);
  return {
    ...(own ? { home: own } : {}),
    ...(near && near.path !== own?.path ? { local: near } : {}),
  };
}

async function readNearest(from: string): Promise<SentryclircFile | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    for (const name of names) {
      const file = await readOne(join(folder, name));
      if (file) return file;
    }
    if (folder === dirname(folder)) return undefined;
  }
}

async function readOne(path: string): Promise<SentryclircFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw new DecantError("CONFIG_UNREADABLE", `Cannot read "${path}": ${code}`, {
      kind: "usage",
      hint: "Make the file readable, or move it away.",
      cause: error,
    });
  }
  const values = parseIni(text);
  const pick = (name: string, key: string) => {
    const value = values.get(key);
    return value ? { [name]: value } : {};
  };
  return {
    path,
    ...pick("token", "auth.token"),
    ...pick("url", "defaults.url"),
    ...pick("org", "defaults.org"),
    ...pick("project", "defaults.project"),
  };
}
