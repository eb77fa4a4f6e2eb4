import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Batch, Source } from "@decant/core";

/** A row as tests compare it. */
export interface PlainRow {
  readonly id: string;
  readonly time?: string;
  readonly text: string;
}

const decoder = new TextDecoder();
const { signal } = new AbortController();

/** Writes a file into a folder of its own. */
export async function makeFile(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "decant-ndjson-")), name);
  await writeFile(file, content);
  return file;
}

/** Reads all batches of all slices, and the first one from a cursor. */
export async function readBatches(source: Source, cursor?: string): Promise<Batch[]> {
  const batches: Batch[] = [];
  let from = cursor;
  for (const slice of await source.plan({ to: "2026-01-31T00:00:00Z" }, { signal })) {
    const options = from === undefined ? { signal } : { signal, cursor: from };
    for await (const batch of source.read(slice, options)) batches.push(batch);
    from = undefined;
  }
  return batches;
}

/** The rows of batches, with their texts. */
export function plainRows(batches: readonly Batch[]): PlainRow[] {
  return batches.flatMap(({ rows }) =>
    rows.map(({ id, time, json }) => ({
      id,
      ...(time !== undefined && { time }),
      text: decoder.decode(json),
    })),
  );
}

/** Reads all rows. */
export async function readRows(source: Source): Promise<PlainRow[]> {
  return plainRows(await readBatches(source));
}
