import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { DecantError } from "@decant/core";
import { sentryConfigFolder } from "./config-folder.ts";
import { parseIni } from "./parse-ini.ts";
import { parseProperties } from "./parse-properties.ts";

/** What a file of sentry-cli's settings says. */
export interface ConfigFile {
  readonly path: string;
  /** Whether it lies in the user's home, and not in a project that may be somebody else's. */
  readonly own: boolean;
  readonly token?: string;
  readonly url?: string;
  readonly org?: string;
  readonly project?: string;
  /** A header of the form `Name: value`. */
  readonly header?: string;
  /** The address of a proxy. */
  readonly proxy?: string;
  /** How often a request is tried again. */
  readonly retries?: string;
}

/** Where to look. */
export interface ConfigPlaces {
  readonly cwd: string;
  readonly home: string;
  env(name: string): string | undefined;
}

const names = [".sentryclirc", "sentrycli.ini"];

const keys = {
  token: "auth.token",
  url: "defaults.url",
  org: "defaults.org",
  project: "defaults.project",
  header: "defaults.custom_header",
  proxy: "http.proxy_url",
  retries: "http.max_retries",
} as const;

/**
 * Reads the files that sentry-cli would, the one that counts most first: what `SENTRY_PROPERTIES`
 * names, the nearest `.sentryclirc` from a folder upwards, and the one in the home folder, or
 * `sentry/sentrycli.ini` in the folder for settings where there is none.
 *
 * @throws {DecantError} `CONFIG_UNREADABLE` when one is there and cannot be read, or when the one that
 * the variable names is not there.
 */
export async function readConfigFiles({
  cwd,
  home,
  env,
}: ConfigPlaces): Promise<readonly ConfigFile[]> {
  const named = env("SENTRY_PROPERTIES");
  const properties = named === undefined ? undefined : await readNamed(resolve(cwd, named));
  const own =
    (await readIni(join(home, ".sentryclirc"), { own: true })) ??
    (await readIni(join(sentryConfigFolder({ home, env }), "sentrycli.ini"), { own: true }));
  const near = await readNearest(cwd);
  const others = near && near.path !== own?.path ? [near] : [];
  return [properties ?? [], others, own ?? []].flat();
}

/** Gives what the first file says that says anything. */
export function settingOf(
  files: readonly ConfigFile[],
  name: keyof typeof keys,
): { readonly value: string; readonly file: ConfigFile } | undefined {
  for (const file of files) {
    const value = file[name];
    if (value !== undefined) return { value, file };
  }
  return undefined;
}

async function readNearest(from: string): Promise<ConfigFile | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    for (const name of names) {
      const file = await readIni(join(folder, name), { own: false });
      if (file) return file;
    }
    if (folder === dirname(folder)) return undefined;
  }
}

async function readIni(
  path: string,
  { own }: Pick<ConfigFile, "own">,
): Promise<ConfigFile | undefined> {
  const text = await readText(path);
  return text === undefined ? undefined : pick(parseIni(text), { path, own });
}

/** A file of properties often lies in a project, so it is trusted no more than one of those. */
async function readNamed(path: string): Promise<ConfigFile> {
  const text = await readText(path);
  if (text !== undefined) return pick(parseProperties(text), { path, own: false });
  throw new DecantError("CONFIG_UNREADABLE", `Cannot read "${path}": there is no such file`, {
    kind: "usage",
    hint: "Correct SENTRY_PROPERTIES, or unset it.",
  });
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw new DecantError("CONFIG_UNREADABLE", `Cannot read "${path}": ${code}`, {
      kind: "usage",
      hint: "Make the file readable, or move it away.",
      cause: error,
    });
  }
}

function pick(
  values: ReadonlyMap<string, string>,
  file: Pick<ConfigFile, "path" | "own">,
): ConfigFile {
  const found = Object.entries(keys).flatMap(([name, key]) => {
    const value = values.get(key);
    return value ? [[name, value]] : [];
  });
  return { ...file, ...Object.fromEntries(found) };
}
