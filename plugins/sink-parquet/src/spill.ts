import { readFile, rm } from "node:fs/promises";
import { concatBytes } from "@decant/core";
import { attempt } from "@decant/core/file";
import { decodeRows, encodeRow, type SpilledRow } from "./spilled-row.ts";
import { syncFile, writeAt } from "./write-at.ts";

/** Rows are small, and each call to the system costs as much as copying many of them. */
const flushBytes = 2 ** 20;

/** Rows that wait on the disk for their row group. */
export interface Spill {
  /** How many rows wait. */
  readonly rows: number;
  /** How many bytes they have. */
  readonly bytes: number;
  write(row: SpilledRow): Promise<void>;
  /** Makes durable what was written. */
  commit(): Promise<void>;
  /** Gives all rows. */
  read(): Promise<Iterable<SpilledRow>>;
}

/** Opens the rows in a file, of which so many are there. */
export function openSpill(path: string, before: { rows: number; bytes: number }): Spill {
  let { rows, bytes } = before;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let synced = true;

  async function flush(sync: boolean): Promise<void> {
    if (waiting.length === 0 && (!sync || synced)) return;
    const more = concatBytes(waiting);
    const position = bytes - waitingBytes;
    waiting = [];
    waitingBytes = 0;
    await attempt(`write "${path}"`, async () => {
      if (more.byteLength > 0) await writeAt(path, more, { position, sync });
      else await syncFile(path);
    });
    synced = sync;
  }

  return {
    get rows() {
      return rows;
    },
    get bytes() {
      return bytes;
    },
    async write(row) {
      const parts = encodeRow(row);
      waiting.push(...parts);
      for (const { byteLength } of parts) waitingBytes += byteLength;
      for (const { byteLength } of parts) bytes += byteLength;
      rows += 1;
      if (waitingBytes >= flushBytes) await flush(false);
    },
    commit: () => flush(true),
    async read() {
      await flush(false);
      return decodeRows(await attempt(`read "${path}"`, () => readFile(path)));
    },
  };
}

/** Removes a file of rows that may be there. */
export async function removeSpill(path: string): Promise<void> {
  await attempt(`remove "${path}"`, () => rm(path, { force: true }));
}
