import { open, opendir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { DecantError, type OptionValue, type Row, type SinkPlugin } from "@decant/core";
import { attempt, makeFolder, syncFolder, systemCode } from "@decant/core/file";

/**
 * The sink `files`: writes each row to a file of its own, in one folder.
 *
 * A row that comes again overwrites its file, so each is there once over any crash, and a run that
 * adds to earlier ones (`append`) renews the rows that have changed. The option
 * `name` says what files are named after: `id` (the default) or `hash`, the SHA-256 of the id, which
 * stands in for ids that are too long for a name.
 *
 * @example
 * ```ts
 * import { createRow } from "@decant/core";
 * import files from "@decant/plugin-hello/files";
 *
 * await using sink = await files.open({
 *   destination: "events.d",
 *   streams: [{ name: "events", columns: [] }],
 *   options: { name: "id" },
 *   run: "first",
 *   force: false,
 * });
 * const json = new TextEncoder().encode('{"level":"error"}');
 * await sink.write("events", [createRow({ id: "web/1", json })]);
 * await sink.commit();
 * await sink.finish();
 * // events.d/web%2f1.json
 * ```
 */
const files: SinkPlugin = {
  resume: "keyed",
  streams: "one",

  async open({ destination: folder, options, position, append = false, force, signal }) {
    signal?.throwIfAborted();
    if (position !== undefined) await requireFolder(folder);
    else {
      await createFolder(folder);
      if (!append) await emptyFolder(folder, force);
    }
    return {
      async write(_stream, rows) {
        for (const row of rows) await save(folder, row, options["name"]);
      },
      async commit() {
        await attempt(`write "${folder}"`, () => syncFolder(folder));
        // Rows that come again overwrite themselves, so there is no place to go back to.
        return null;
      },
      finish: async () => {},
      [Symbol.asyncDispose]: async () => {},
    };
  },

  async *read({ destination: folder, signal }) {
    try {
      for await (const path of filesIn(folder)) {
        signal?.throwIfAborted();
        yield { json: [await readFile(path)] };
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw unreadable(folder, error);
    }
  },
};

export default files;

/** File systems take names of 255 bytes, some tools fewer. */
const longest = 200;

async function createFolder(folder: string): Promise<void> {
  if (folder === "-") throw noFolder(folder);
  await attempt(`create "${folder}"`, async () => {
    const made = await makeFolder(folder).catch((error: unknown) => {
      throw systemCode(error) === "EEXIST" ? noFolder(folder) : error;
    });
    await syncFolder(resolve(folder), made && dirname(made));
  });
}

async function emptyFolder(folder: string, force: boolean): Promise<void> {
  await attempt(`empty "${folder}"`, async () => {
    for await (const path of filesIn(folder)) {
      if (!force) throw exists(folder);
      await rm(path);
    }
  });
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new DecantError("STATE_MISMATCH", `Cannot go on in "${folder}": it is gone`, {
    kind: "usage",
    hint: "Put the folder back, or start the export again with --force.",
  });
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const { name } of await opendir(folder)) {
    if (name.endsWith(".json")) yield join(folder, name);
  }
}

async function save(folder: string, row: Row, naming: OptionValue): Promise<void> {
  const name = escapeId(row.id);
  const hashed = naming === "hash" || name.length > longest;
  const path = join(folder, `${hashed ? await hash(row.id) : name}.json`);
  await attempt(`write "${path}"`, async () => {
    const file = await open(path, "w");
    try {
      await file.writeFile(row.json);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/** No path may come from a value, and to some file systems `A` and `a` are the same. */
function escapeId(id: string): string {
  return id.replace(/[^a-z0-9_-]/gu, (char) => hex(new TextEncoder().encode(char), "%"));
}

async function hash(id: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id))));
}

function hex(bytes: Uint8Array, before = ""): string {
  return Array.from(bytes, (byte) => before + byte.toString(16).padStart(2, "0")).join("");
}

function noFolder(path: string): DecantError {
  return new DecantError("OUTPUT_INVALID", `Cannot write "${path}": it is no folder`, {
    kind: "usage",
    hint: "Name a folder that is not there yet, or an empty one, with --output.",
  });
}

function exists(folder: string): DecantError {
  return new DecantError("OUTPUT_EXISTS", `Cannot write "${folder}": it holds rows already`, {
    kind: "usage",
    hint: "Choose another folder, or replace its .json files with --force.",
  });
}

function unreadable(folder: string, cause: unknown): DecantError {
  const missing = systemCode(cause) === "ENOENT";
  return new DecantError(
    missing ? "OUTPUT_MISSING" : "OUTPUT_UNREADABLE",
    `Cannot read "${folder}": ${missing ? "there is no such folder" : systemCode(cause)}`,
    { kind: "verify", hint: "Put the folder back, or export again.", cause },
  );
}
