import { DecantError, type Slice } from "@decant/core";

/** What a file looked like when the export was planned. */
export interface Look {
  /** In bytes, as it lies on the disk. */
  readonly size: number;
  /** When it was last written to, in milliseconds since 1970. */
  readonly modified: number;
  readonly compressed: boolean;
}

/** What it takes to read a slice. */
export interface FileArgs extends Look {
  readonly file: string;
}

/** Makes the slice of a file. */
export function fileSlice({ file, size, modified, compressed }: FileArgs, stream: string): Slice {
  return {
    key: file,
    stream,
    lane: "files",
    dedupe: "none",
    args: { file, size, modified, compressed },
  };
}

/** Takes the arguments out of a slice, which may come from a state file. */
export function readArgs({ key, args }: Slice, files: readonly string[]): FileArgs {
  const { file, size, modified, compressed } = (args ?? {}) as Partial<FileArgs>;
  const known = typeof file === "string" && files.includes(file);
  if (known && typeof size === "number" && typeof modified === "number") {
    return { file, size, modified, compressed: compressed === true };
  }
  throw new DecantError(
    "NDJSON_SLICE_INVALID",
    `Cannot read slice "${key}": it is of no file of this source`,
    { kind: "usage", hint: "Go on with the files that the export began with, or begin it anew." },
  );
}
