import { gzipSync } from "node:zlib";
import { createByteQueue } from "./byte-queue.ts";
import { createPartQueue, type PartQueue } from "./part-queue.ts";
import type { ObjectPosition } from "./position.ts";
import { createRemainders, type Remainder, type Remainders } from "./remainder.ts";
import type { ObjectKind, Store } from "./store.ts";

/** One object that is written. It appears when it is finished. */
export interface ObjectTarget extends AsyncDisposable {
  write(pieces: readonly Uint8Array[]): Promise<void>;
  commit(): Promise<ObjectPosition>;
  finish(): Promise<void>;
}

export interface ObjectTargetOptions {
  readonly store: Store;
  readonly key: string;
  readonly gzip: boolean;
  /** Whether an object that is there may be replaced. */
  readonly force: boolean;
  readonly start: ObjectStart;
}

/** Where writing begins. */
export interface ObjectStart {
  readonly position: ObjectPosition;
  readonly remainder: Remainder;
  /** Whether the object is in its place already, so that nothing is left to write. */
  readonly finished: boolean;
}

export function createObjectTarget(options: ObjectTargetOptions): ObjectTarget {
  const { store, key, start } = options;
  const { id, part: partBytes } = start.position;
  const kind = kindOf(options);
  const waiting = createByteQueue(start.remainder.rest);
  const { upload } = start.position;
  const parts = createPartQueue({
    store,
    key,
    kind,
    partBytes,
    upload,
    etags: start.remainder.etags,
  });
  const remainders = createRemainders({ store, key, id });
  const work: Work = { ...options, kind, parts, remainders, rest: () => waiting.peek() };
  let { position, finished } = start;
  let full = start.remainder.etags.length;

  return {
    async write(pieces) {
      for (const piece of pieces) {
        waiting.push(piece);
        while (waiting.size >= partBytes) {
          await parts.push(waiting.take(partBytes));
          full += 1;
        }
      }
    },
    async commit() {
      const bytes = full * partBytes + waiting.size;
      if (finished || bytes === position.bytes) return position;
      const before = Math.floor(position.bytes / partBytes);
      await remainders.save({ etags: await parts.settle(), rest: waiting.peek() });
      await remainders.dropBefore(before);
      position = {
        ...position,
        bytes,
        ...(parts.upload !== undefined && { upload: parts.upload }),
      };
      return position;
    },
    async finish() {
      if (!finished) await place(work, full);
      finished = true;
      await remainders.dropAll();
    },
    async [Symbol.asyncDispose]() {
      await parts.stop();
      const begun = parts.upload;
      if (finished || begun === undefined || begun === position.upload) return;
      // What keeps it from being dropped kept the export from going on, and the next one drops it.
      await store.abortUpload({ key, id: begun }).catch(() => {});
    },
  };
}

interface Work extends ObjectTargetOptions {
  readonly kind: ObjectKind;
  readonly parts: PartQueue;
  readonly remainders: Remainders;
  rest(): Uint8Array;
}

/** Makes the object appear. The answer may be lost although it did, so what is there has a say. */
async function place(work: Work, full: number): Promise<void> {
  const { store, key, kind } = work;
  try {
    await (full === 0 ? placeWhole(work) : placeParts(work, full));
  } catch (error) {
    const found = await store.head(key).catch(() => undefined);
    if (found?.mark !== kind.mark) throw error;
  }
}

async function placeWhole({ store, key, kind, gzip, force, rest }: Work): Promise<void> {
  const bytes = rest();
  // A file without any member is not valid gzip.
  const body = gzip && bytes.byteLength === 0 ? gzipSync(bytes) : bytes;
  await store.put(key, body, { kind, replace: force });
}

async function placeParts({ store, key, force, parts, rest }: Work, full: number): Promise<void> {
  const last = rest();
  // It may be the second try.
  if (last.byteLength > 0 && parts.count === full) await parts.push(last);
  const etags = await parts.settle();
  await store.completeUpload({ key, id: parts.upload! }, { etags, replace: force });
}

function kindOf({ gzip, start }: ObjectTargetOptions): ObjectKind {
  // No Content-Encoding: with it some clients decompress a file whose name says that it is not.
  const contentType = gzip ? "application/gzip" : "application/x-ndjson";
  return { contentType, mark: start.position.id };
}
