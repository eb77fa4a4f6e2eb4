import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuthContext } from "@decant/core";
import { expect, test } from "vitest";
import { createWatch } from "./create-watch.ts";
import { digestFile } from "./digest-file.ts";

const context: AuthContext = {
  options: { account: "me" },
  env: (name) => name,
  readFile,
  readStdin: async () => new Uint8Array([1]),
  now: () => 1,
  fetch: async () => new Response(),
  run: async () => ({ code: 0, stdout: new Uint8Array(), stderr: new Uint8Array() }),
  fetchWithCertificate: () => fetch,
  tell: () => {},
  secrets: { get: async () => undefined, update: async () => {} },
};
const folder = await mkdtemp(join(tmpdir(), "decant-"));

test("createWatch() takes note of files, there or not, and hands all on", async () => {
  const path = join(folder, "a");
  await writeFile(path, "text");
  const watch = createWatch();
  // What is taken without being used counts for nothing.
  const { options, env, readFile, fetch: _, run: __, now: ___ } = watch.begin(context);
  expect(options).toBe(context.options);
  expect(env("NAME")).toBe("NAME");
  expect(String(await readFile(path))).toBe("text");
  await readFile(path);
  await expect(readFile(join(folder, "b"))).rejects.toMatchObject({ code: "ENOENT" });
  expect(watch.end()).toEqual(
    new Map([
      [path, digestFile(path)],
      [join(folder, "b"), null],
    ]),
  );
});

test("createWatch() takes note of nothing where something else was used", async () => {
  const uses: readonly ((context: AuthContext) => unknown)[] = [
    ({ readStdin }) => readStdin(),
    ({ now }) => now(),
    ({ fetch }) => fetch("http://localhost"),
    ({ run }) => run!("true", { args: [], env: {}, timeoutMs: 1 }),
    ({ fetchWithCertificate }) => fetchWithCertificate!({ cert: "", key: "" }),
    ({ tell }) => tell!("a"),
    ({ secrets }) => secrets,
    (watched) => ({ ...watched }), // The store of secrets with it.
    ({ env }) => env("SHLVL"),
    ({ readFile }) => readFile(folder).catch(() => {}),
    ({ readFile }) => void readFile(join(folder, "a")), // It goes on reading.
  ];
  for (const use of uses) {
    const watch = createWatch();
    await use(watch.begin(context));
    expect(watch.end()).toBeUndefined();
  }
});

test("createWatch() takes note of nothing where a file changed meanwhile", async () => {
  const path = join(folder, "c");
  const changes: readonly (() => Promise<void>)[] = [
    () => writeFile(path, "other"),
    () => rm(path, { force: true }),
  ];
  for (const change of changes) {
    await writeFile(path, "text");
    const slow = createWatch();
    const changing = async (file: string) => {
      const bytes = await readFile(file);
      await change();
      return bytes;
    };
    await slow.begin({ ...context, readFile: changing }).readFile(path);
    expect(slow.end()).toBeUndefined();
    await writeFile(path, "text");
    const twice = createWatch();
    const watched = twice.begin(context);
    await watched.readFile(path);
    await change();
    await watched.readFile(path).catch(() => {});
    expect(twice.end()).toBeUndefined();
  }
  await rm(path, { force: true });
  const appeared = createWatch();
  const watched = appeared.begin(context);
  await watched.readFile(path).catch(() => {});
  await writeFile(path, "text");
  await watched.readFile(path);
  expect(appeared.end()).toBeUndefined();
});
