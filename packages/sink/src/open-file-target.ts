import { createGzipTarget, gzipTail } from "./gzip-target.ts";
import { openPartFile, type PartFileOptions } from "./part-file.ts";
import type { Target } from "./target.ts";

/** Opens a file, compressed or not, that gets its name when it is finished. */
export async function openFileTarget(
  options: PartFileOptions & { readonly gzip: boolean },
): Promise<Target> {
  if (!options.gzip) return await openPartFile(options);
  return createGzipTarget(await openPartFile({ ...options, tail: gzipTail(options.tail) }));
}
