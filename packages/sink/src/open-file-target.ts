import { checkHead } from "./check-head.ts";
import { fileSize, partOf } from "./clear-place.ts";
import type { Frame } from "./file-format.ts";
import { createGzipTarget, gzipTail } from "./gzip-target.ts";
import { openPartFile, type PartFileOptions } from "./part-file.ts";
import type { Target } from "./target.ts";

/** How {@linkcode openFileTarget} opens a file. */
type FileTargetOptions = Omit<PartFileOptions, "tail"> & {
  readonly frame: Frame;
  readonly gzip: boolean;
};

/** Opens a file, compressed or not, that gets its name when it is finished. */
export async function openFileTarget(options: FileTargetOptions): Promise<Target> {
  const { destination, frame, gzip, position: { bytes } = { bytes: 0 } } = options;
  const part = partOf(destination);
  // A shorter one is refused for that.
  if (bytes > 0 && ((await fileSize(part)) ?? 0) >= bytes) {
    await checkHead(part, { head: frame.head, bytes, gzip });
  }
  const { tail } = frame;
  if (!gzip) return await openPartFile({ ...options, tail });
  return createGzipTarget(await openPartFile({ ...options, tail: gzipTail(tail) }));
}
