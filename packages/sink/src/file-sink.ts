import { open, stat } from "node:fs/promises";
import {
  DecantError,
  type Json,
  type Sink,
  type SinkOpenOptions,
  type SinkPlugin,
} from "@decant/core";
import { createGzipTarget, gzipTail } from "./gzip-target.ts";
import { createOutputTarget } from "./output-target.ts";
import { openPartFile } from "./part-file.ts";
import { readRows, type Unframe } from "./read-rows.ts";
import { attempt, systemCode } from "./sink-error.ts";
import type { Position, Tail, Target } from "./target.ts";

/** What stands around the rows of a file. */
export interface Format {
  /** Before the first row. */
  readonly first: Uint8Array;
  /** Before each other row. */
  readonly next: Uint8Array;
  /** After each row. */
  readonly after: Uint8Array;
  readonly tail: Tail;
  readonly unframe: Unframe;
}

/** Makes a sink of one file, that goes back to a byte offset. */
export function createFileSink(format: Format): SinkPlugin {
  return {
    resume: "rewind",
    streams: "one",
    open: async (options) => createSink(await openTarget(options, format.tail), format),
    read({ destination, signal }) {
      if (destination === "-") throw notKept();
      return readRows(destination, {
        unframe: format.unframe,
        compressed: isGzip(destination),
        signal,
      });
    },
  };
}

function createSink(target: Target, format: Format): Sink {
  let empty = target.start === 0;
  let broken: { readonly error: unknown } | undefined;

  // After a failure nobody knows what was written: only opening at a position makes that good.
  async function step<T>(run: () => Promise<T>): Promise<T> {
    if (broken) throw broken.error;
    try {
      return await run();
    } catch (error) {
      broken = { error };
      throw error;
    }
  }

  return {
    async write(_stream, rows) {
      if (rows.length === 0) return;
      const parts = rows.flatMap((row, index) => [
        empty && index === 0 ? format.first : format.next,
        row.json,
        format.after,
      ]);
      empty = false;
      await step(() => target.write(parts));
    },
    commit: () => step(() => target.commit()),
    async finish() {
      if (broken) throw broken.error;
      await target.finish();
    },
    async [Symbol.asyncDispose]() {
      await target[Symbol.asyncDispose]();
    },
  };
}

async function openTarget(options: SinkOpenOptions, tail: Tail): Promise<Target> {
  const { destination, finishing = false, force } = options;
  options.signal?.throwIfAborted();
  const position = options.position === undefined ? {} : { position: parse(options.position) };
  const kind = await destinationKind(destination);
  if (kind !== "file") {
    if (options.position !== undefined) throw notResumable(destination);
    return kind === "device" ? await openDevice(destination, tail) : openOutput(options, tail);
  }
  const file = { destination, finishing, force, ...position };
  if (!isGzip(destination)) return await openPartFile({ ...file, tail });
  return createGzipTarget(await openPartFile({ ...file, tail: gzipTail(tail) }));
}

function openOutput({ output }: SinkOpenOptions, tail: Tail): Target {
  if (output) return createOutputTarget(output, { tail });
  throw new DecantError("OUTPUT_INVALID", 'Cannot write "-": there is no standard output here', {
    kind: "usage",
    hint: "Name a file, or give the option `output`.",
  });
}

async function openDevice(path: string, tail: Tail): Promise<Target> {
  const action = `write "${path}"`;
  const file = await attempt(action, () => open(path, "w"));
  async function write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.byteLength; ) {
      at += (await attempt(action, () => file.write(bytes, at))).bytesWritten;
    }
  }
  return createOutputTarget({ write }, { tail, close: () => file.close() });
}

async function destinationKind(path: string): Promise<"output" | "file" | "device"> {
  if (path === "-") return "output";
  if (path === "" || path.endsWith("/")) throw folder(path);
  return await attempt(`write "${path}"`, async () => {
    const found = await stat(path).catch((error: unknown) => {
      if (systemCode(error) !== "ENOENT") throw error;
    });
    if (found?.isDirectory()) throw folder(path);
    return !found || found.isFile() ? "file" : "device";
  });
}

function folder(path: string): DecantError {
  return new DecantError("OUTPUT_INVALID", `Cannot write "${path}": it names no file`, {
    kind: "usage",
    hint: "Give a path that ends with the name of a file.",
  });
}

function notResumable(destination: string): DecantError {
  return new DecantError(
    "OUTPUT_NOT_RESUMABLE",
    `Cannot resume into "${destination}": what was written there cannot be taken back`,
    { kind: "usage", hint: "Start the export again, best into a file." },
  );
}

function notKept(): DecantError {
  return new DecantError("OUTPUT_UNREADABLE", 'Cannot read "-": nothing keeps what was printed', {
    kind: "verify",
    hint: "Export into a file to be able to verify it.",
  });
}

function parse(position: Json): Position {
  const bytes =
    typeof position === "object" && position !== null && "bytes" in position
      ? position["bytes"]
      : undefined;
  if (typeof bytes === "number" && Number.isSafeInteger(bytes) && bytes >= 0) return { bytes };
  throw new DecantError(
    "STATE_MISMATCH",
    `Cannot go on at ${JSON.stringify(position)}: it is no position of this sink`,
    { kind: "usage", hint: "Resume with the sink and the state that the export began with." },
  );
}

function isGzip(destination: string): boolean {
  return destination.toLowerCase().endsWith(".gz");
}
