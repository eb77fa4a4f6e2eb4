import { DecantError, type Slice, type TimeRange } from "@decant/core";
import { lookAtFile } from "./look-at-file.ts";
import { fileSlice } from "./slice-args.ts";

interface PlanOptions {
  readonly stream: string;
  readonly range: TimeRange;
  readonly signal: AbortSignal;
}

/** Makes a slice of each file, which holds what the file looks like now. */
export async function planFiles(
  files: readonly string[],
  { stream, range, signal }: PlanOptions,
): Promise<readonly Slice[]> {
  if (range.from !== undefined) {
    throw new DecantError(
      "NDJSON_RANGE_UNSUPPORTED",
      `Cannot begin at "${range.from}": files are read whole`,
      { kind: "usage", hint: "Leave the beginning of the range out." },
    );
  }
  const slices: Slice[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    slices.push(fileSlice({ file, ...(await lookAtFile(file)) }, stream));
  }
  return slices;
}
