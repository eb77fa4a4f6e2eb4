import type { FileHandle } from "node:fs/promises";

type Files = typeof import("node:fs/promises");

/** When the process is to die, counted in steps that change a file. */
export interface Fuse {
  /** Steps left. Absent: it never dies. */
  left: number | undefined;
  /** Whether it has died: nothing is written any more until it is born again. */
  dead: boolean;
  /** Lets one step pass, or dies at it. */
  step(): void;
}

/** The one that the file system of a test module burns. */
export const fuse: Fuse = {
  left: undefined,
  dead: false,
  step() {
    if (fuse.left !== undefined) fuse.left -= 1;
    if (fuse.left !== undefined && fuse.left < 0) fuse.dead = true;
    if (fuse.dead) throw new Error("crash");
  },
};

/** The file system, on which a process may die at any step. What it was just writing is torn. */
export function createCrashingFiles(files: Files, fuse: Fuse): Files {
  const step =
    <Args extends unknown[], Result>(run: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      fuse.step();
      return await run(...args);
    };

  function wrap(file: FileHandle): FileHandle {
    return new Proxy(file, {
      get(target, name) {
        if (name === "appendFile") return append(target);
        // Whether what was written is safe from a power cut is for others to test.
        if (name === "sync" || name === "datasync") return step(async () => {});
        if (name === "truncate") return step((length: number) => target.truncate(length));
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  function append(file: FileHandle): (data: string | Uint8Array) => Promise<void> {
    return async (data) => {
      try {
        fuse.step();
      } catch (error) {
        const torn = data.slice(0, Math.floor(data.length / 2));
        if (fuse.left === -1) await file.appendFile(torn);
        throw error;
      }
      await file.appendFile(data);
    };
  }

  return {
    ...files,
    open: step(async (...args: Parameters<Files["open"]>) => wrap(await files.open(...args))),
    rename: step(files.rename),
    copyFile: step(files.copyFile),
    rm: step(files.rm),
  } as Files;
}
