import { open, stat } from "node:fs/promises";
import { DecantError, type Json, type SinkOpenOptions } from "@decant/core";
import { attempt, systemCode } from "@decant/core/file";
import { createGzipTarget, gzipTail } from "./gzip-target.ts";
import { createOutputTarget } from "./output-target.ts";
import { openPartFile } from "./part-file.ts";
import type { Position, Tail, Target } from "./target.ts";

/** Opens what the destination names: a file, compressed or not, the host's output, or a device. */
export async function openTarget(options: SinkOpenOptions, tail: Tail): Promise<Target> {
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
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) throw address(path);
  return await attempt(`write "${path}"`, async () => {
    const found = await stat(path).catch((error: unknown) => {
      if (systemCode(error) !== "ENOENT") throw error;
    });
    if (found?.isDirectory()) throw folder(path);
    return !found || found.isFile() ? "file" : "device";
  });
}

function address(path: string): DecantError {
  return new DecantError("OUTPUT_INVALID", `Cannot write "${path}": it is an address, not a file`, {
    kind: "usage",
    hint: "Give the path of a file, or choose a sink that knows such addresses.",
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

/** Whether the name of a file asks for compression. */
export function isGzip(destination: string): boolean {
  return destination.toLowerCase().endsWith(".gz");
}
