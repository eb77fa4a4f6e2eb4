import { DecantError, isDecantError } from "@decant/core";
import { systemCode } from "@decant/core/file";
import { parquetRead, type RowGroup } from "hyparquet";
import { decompressors } from "./codecs.ts";
import { type OpenFile, openFile } from "./open-file.ts";
import { rawName } from "./parquet-columns.ts";

/** How many bytes of rows are read at once, about. */
const windowBytes = 8 * 2 ** 20;

/**
 * Reads the rows of a file back, some at a time.
 *
 * @throws {DecantError} of kind `verify` where that cannot be.
 */
export async function* readRows(
  path: string,
  { signal }: { readonly signal: AbortSignal | undefined },
): AsyncGenerator<{ stream?: string; json: Uint8Array[] }> {
  try {
    await using opened = await openFile(path);
    const { metadata, about } = opened;
    if (!metadata.schema.some(({ name }) => name === rawName))
      throw new Error("it has no rows as JSON");
    const stream = about.get("decant.stream");
    let start = 0;
    for (const group of metadata.row_groups) {
      const end = start + Number(group.num_rows);
      const step = rowsAtOnce(group);
      for (; start < end; start += step) {
        signal?.throwIfAborted();
        const rowEnd = Math.min(end, start + step);
        const json = await readRaw(opened, { rowStart: start, rowEnd });
        yield { ...(stream !== undefined && { stream }), json };
      }
      start = end;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw isDecantError(error) ? error : readError(path, error);
  }
}

async function readRaw(
  { file, metadata }: OpenFile,
  range: { readonly rowStart: number; readonly rowEnd: number },
): Promise<Uint8Array[]> {
  let json: Uint8Array[] = [];
  await parquetRead({
    file,
    metadata,
    ...range,
    columns: [rawName],
    useOffsetIndex: true,
    compressors: decompressors,
    parsers,
    onComplete: (rows) => {
      json = rows.map(([bytes]) => bytes);
    },
  });
  return json;
}

/** Rows pass as the bytes that they are. */
const parsers = { stringFromBytes: (bytes: Uint8Array) => bytes };

function rowsAtOnce({ columns, num_rows }: RowGroup): number {
  const raw = columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === rawName);
  const bytes = Number(raw?.meta_data?.total_uncompressed_size ?? 1);
  return Math.max(1, Math.floor((Number(num_rows) * windowBytes) / Math.max(1, bytes)));
}

/** Says what kept an output from being read. */
export function readError(path: string, cause: unknown): DecantError {
  const code = systemCode(cause);
  if (code === "ENOENT") return missing(path, "there is no such file", cause);
  if (code !== undefined && /^E[A-Z]+$/.test(code)) {
    return new DecantError("OUTPUT_UNREADABLE", `Cannot read "${path}": ${code}`, {
      kind: "verify",
      hint: "Check the path and who may read it.",
      cause,
    });
  }
  const state = cause instanceof Error ? cause.message : String(cause);
  return new DecantError("OUTPUT_MALFORMED", `Cannot read "${path}": ${state}`, {
    kind: "verify",
    hint: "Restore the file, or export it again.",
    cause,
  });
}

/** Says that an output is not there. */
export function missing(path: string, state: string, cause?: unknown): DecantError {
  return new DecantError("OUTPUT_MISSING", `Cannot read "${path}": ${state}`, {
    kind: "verify",
    hint: "Resume its export if it is unfinished, or put it back.",
    cause,
  });
}
