import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { attempt } from "@decant/core/file";

/** A plugin as it was installed or linked. */
export interface StoredPlugin {
  readonly name: string;
  readonly source: "registry" | "file" | "remote" | "link";
  /** What npm was given; of a link, its folder. */
  readonly spec: string;
  /** Whether `spec` leads to one version for ever. */
  readonly fixed: boolean;
  /** The folder of the plugin's package.json. */
  readonly root: string;
}

const recordName = "plugin.json";

/**
 * Lists the plugins of a store, by name. Each has a folder of its own, with all that it depends on,
 * so that to add or update one never changes another.
 *
 * @param dataDir The folder that oclif reads the list of plugins from.
 */
export async function listPlugins(dataDir: string): Promise<readonly StoredPlugin[]> {
  const store = join(dataDir, "plugins");
  const names = await readdir(store).catch(() => []);
  const found = await Promise.all(
    names.filter((name) => !name.startsWith(".")).map((name) => readRecord(join(store, name))),
  );
  return found
    .filter((plugin) => plugin !== undefined)
    .sort((a, b) => a.name.localeCompare(b.name, "en"));
}

/** Makes an empty folder to install into, beside the others. It lives until the end of `use`. */
export async function withDraft<T>(
  dataDir: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = join(dataDir, "plugins", `.draft-${randomUUID()}`);
  await attempt(`write "${folder}"`, async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  });
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Puts a filled draft into the place of its plugin. What was there before goes. */
export async function storePlugin(
  dataDir: string,
  { draft, ...plugin }: Omit<StoredPlugin, "root"> & { readonly draft: string },
): Promise<void> {
  const place = placeOf(dataDir, plugin.name);
  const root = plugin.source === "link" ? plugin.spec : join(place, "node_modules", plugin.name);
  await attempt(`write "${place}"`, async () => {
    await writeFile(join(draft, recordName), JSON.stringify({ ...plugin, root }, undefined, 2));
    await discard(place);
    await rename(draft, place);
  });
  await writeIndex(dataDir);
}

/** Removes a plugin. Of a link only the link goes. */
export async function removePlugin(dataDir: string, name: string): Promise<void> {
  await attempt(`remove "${name}"`, () => discard(placeOf(dataDir, name)));
  await writeIndex(dataDir);
}

/** Away in one step: a process that ends in the middle leaves no half of a plugin. */
async function discard(place: string): Promise<void> {
  const away = join(place, "..", `.draft-${randomUUID()}`);
  try {
    await rename(place, away);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  await rm(away, { recursive: true, force: true });
}

/**
 * Writes the list that oclif reads. It is made anew of the folders each time, until it is what they
 * say, so that two processes that change plugins at once need no lock.
 */
async function writeIndex(dataDir: string): Promise<void> {
  const index = join(dataDir, "package.json");
  await attempt(`write "${index}"`, async () => {
    for (let written = ""; ; ) {
      const plugins = (await listPlugins(dataDir)).map(({ name, root }) => ({
        name,
        root,
        // Of the types that oclif knows, the one that takes `root` as it is.
        type: "link",
      }));
      const text = JSON.stringify({ private: true, oclif: { schema: 1, plugins } }, undefined, 2);
      if (text === written) return;
      const draft = `${index}.${randomUUID()}`;
      await writeFile(draft, text);
      await rename(draft, index);
      written = text;
    }
  });
}

function placeOf(dataDir: string, name: string): string {
  return join(dataDir, "plugins", name.replace("/", "+"));
}

async function readRecord(folder: string): Promise<StoredPlugin | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, recordName), "utf8"));
  } catch {
    return undefined; // Not of this program, or of a process that ended in the middle.
  }
}
