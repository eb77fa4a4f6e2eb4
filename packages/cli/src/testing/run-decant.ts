import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** The built program, as a user runs it. */
export const bin: string = fileURLToPath(new URL("../../bin/decant.js", import.meta.url));

/** An empty home folder. */
export const home: string = await mkdtemp(join(tmpdir(), "decant-home-"));

interface StartOptions {
  readonly env?: Record<string, string>;
  readonly home?: string;
}

/** Starts the program in a home folder, with nothing of the tester's environment. */
export function startDecant(argv: readonly string[], options: StartOptions = {}): ChildProcess {
  const { PATH = "" } = process.env;
  const folder = options.home ?? home;
  return spawn(process.execPath, [bin, ...argv], {
    cwd: folder,
    env: { PATH, HOME: folder, ...options.env },
  });
}

/** How a run ended. */
export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** Runs the program to its end. */
export async function decant(argv: readonly string[], options?: StartOptions): Promise<Run> {
  const child = startDecant(argv, options);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, "close"),
  ]);
  return { stdout, stderr, code };
}

/** Links a plugin into a home of its own, as `decant plugins link` records it. */
export async function homeWith(pjson: object, files: Record<string, string> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "decant-linked-"));
  const root = join(folder, "plugin");
  const data = join(folder, ".local", "share", "decant");
  await mkdir(root, { recursive: true });
  await mkdir(data, { recursive: true });
  const name = "decant-plugin-test";
  const own = { name, version: "1.0.0", type: "module", oclif: {}, ...pjson };
  await writeFile(join(root, "package.json"), JSON.stringify(own));
  for (const [file, content] of Object.entries(files)) await writeFile(join(root, file), content);
  const list = {
    private: true,
    oclif: { plugins: [{ type: "link", name, root }] },
    dependencies: {},
  };
  await writeFile(join(data, "package.json"), JSON.stringify(list));
  return folder;
}
