import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { DecantError, type SinkOpenOptions } from "@decant/core";
import { attempt, makeFolder, syncFolder, systemCode } from "@decant/core/file";
import { clearPlace, fileSize, partOf, refuseToReplace, unfinished } from "./clear-place.ts";
import type { Frame } from "./file-format.ts";
import type { Position, Target } from "./target.ts";
import { writeAll } from "./write-all.ts";

/** Pages are small, and each call to the system costs as much as copying some of them. */
const flushBytes = 512 * 1024;

/** What a part file needs to know of how the sink was opened. */
export type PartFileOptions = Pick<SinkOpenOptions, "destination" | "finishing" | "force"> & {
  readonly position?: Position;
  readonly tail: Frame["tail"];
};

/**
 * Opens a file that is worked on under `<destination>.part` and gets its name when it is finished,
 * so that a file with the final name is always whole.
 */
export async function openPartFile(options: PartFileOptions): Promise<Target> {
  const { destination, finishing, position, tail } = options;
  if (!position) return createTarget(await createPart(options), options);
  const size = position.bytes + tail(position.bytes === 0).byteLength;
  if (finishing && (await fileSize(partOf(destination))) === undefined) {
    if ((await fileSize(destination)) === size) return createFinishedTarget(position);
  }
  return createTarget(await openPart(destination, position), options);
}

function createTarget(file: FileHandle, options: PartFileOptions): Target {
  const { destination, tail, position: { bytes: start } = { bytes: 0 } } = options;
  const action = `write "${partOf(destination)}"`;
  let end = start;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let sealed = false;
  let closed = false;
  let finished = false;

  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    await file.close();
  }

  async function flush(): Promise<void> {
    const parts = waiting;
    waiting = [];
    waitingBytes = 0;
    end = await writeAll(file, { parts, position: end });
  }

  return {
    start,
    async write(parts) {
      waiting.push(...parts);
      for (const part of parts) waitingBytes += part.byteLength;
      if (waitingBytes >= flushBytes) await attempt(action, flush);
    },
    async commit() {
      await attempt(action, async () => {
        await flush();
        await file.datasync();
      });
      return { bytes: end };
    },
    async finish() {
      if (finished) return;
      if (!sealed) {
        await attempt(action, async () => {
          await flush();
          await writeAll(file, { parts: [tail(end === 0)], position: end });
          await file.sync();
          sealed = true;
          await close();
        });
      }
      await moveIntoPlace(options);
      finished = true;
    },
    [Symbol.asyncDispose]: close,
  };
}

/** An output that got its name just before the crash: there is nothing left to do. */
function createFinishedTarget(position: Position): Target {
  return {
    start: position.bytes,
    write: async () => {
      throw new TypeError("Cannot write rows: the output is finished");
    },
    commit: async () => position,
    finish: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

async function createPart(options: PartFileOptions): Promise<FileHandle> {
  const part = partOf(options.destination);
  await clearPlace(options);
  return await attempt(`create "${part}"`, async () => {
    const folder = resolve(dirname(part));
    const made = await makeFolder(folder);
    const file = await open(part, "wx").catch((error: unknown) => {
      throw systemCode(error) === "EEXIST" ? unfinished(part) : error;
    });
    await syncFolder(folder, made && dirname(made));
    return file;
  });
}

async function openPart(destination: string, position: Position): Promise<FileHandle> {
  const part = partOf(destination);
  const size = await fileSize(part);
  if (size === undefined || size < position.bytes) {
    const state = size === undefined ? "it is gone" : `it holds ${size} bytes`;
    throw new DecantError(
      "STATE_MISMATCH",
      `Cannot go on at byte ${position.bytes} of "${part}": ${state}`,
      { kind: "usage", hint: "Put the file back, or start the export again with --force." },
    );
  }
  return await attempt(`open "${part}"`, async () => {
    const file = await open(part, "r+");
    if (size > position.bytes) await file.truncate(position.bytes);
    return file;
  });
}

async function moveIntoPlace(options: PartFileOptions): Promise<void> {
  const { destination } = options;
  await refuseToReplace(options);
  await attempt(`rename "${partOf(destination)}" to "${destination}"`, async () => {
    await rename(partOf(destination), destination);
    await syncFolder(dirname(destination));
  });
}
