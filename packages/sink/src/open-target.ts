import { open } from "node:fs/promises";
import { DecantError, type SinkOpenOptions } from "@decant/core";
import { attempt } from "@decant/core/file";
import { destinationKind, noFile } from "./destination-kind.ts";
import type { Frame } from "./file-format.ts";
import { isGzip } from "./is-gzip.ts";
import { openFileTarget } from "./open-file-target.ts";
import { createOutputTarget } from "./output-target.ts";
import { parsePosition } from "./parse-position.ts";
import type { Target } from "./target.ts";

/** Opens what the destination names: a file, compressed or not, the host's output, or a device. */
export async function openTarget(options: SinkOpenOptions, frame: Frame): Promise<Target> {
  const { destination, finishing = false, force } = options;
  const position =
    options.position === undefined ? {} : { position: parsePosition(options.position) };
  const kind = await destinationKind(destination);
  if (kind === "folder") throw noFile(destination);
  if (kind === "output" || kind === "device") {
    if (options.position !== undefined) throw notResumable(destination);
    return kind === "device" ? await openDevice(destination, frame) : openOutput(options, frame);
  }
  const gzip = isGzip(destination, options.options["gzip"]);
  return await openFileTarget({ destination, finishing, force, frame, gzip, ...position });
}

function openOutput({ output }: SinkOpenOptions, { tail }: Frame): Target {
  if (output) return createOutputTarget(output, { tail });
  throw new DecantError("OUTPUT_INVALID", 'Cannot write "-": there is no standard output here', {
    kind: "usage",
    hint: "Name a file, or give the option `output`.",
  });
}

async function openDevice(path: string, { tail }: Frame): Promise<Target> {
  const action = `write "${path}"`;
  const file = await attempt(action, () => open(path, "w"));
  async function write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.byteLength; ) {
      at += (await attempt(action, () => file.write(bytes, at))).bytesWritten;
    }
  }
  return createOutputTarget({ write }, { tail, close: () => file.close() });
}

function notResumable(destination: string): DecantError {
  return new DecantError(
    "OUTPUT_NOT_RESUMABLE",
    `Cannot resume into "${destination}": what was written there cannot be taken back`,
    { kind: "usage", hint: "Start the export again, best into a file." },
  );
}
