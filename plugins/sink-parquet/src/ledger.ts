import { type FileHandle, open, stat } from "node:fs/promises";
import { join } from "node:path";
import { DecantError } from "@decant/core";
import { attempt } from "@decant/core/file";
import { writeFully } from "./write-at.ts";

/** Where a shard was at a commit. */
export interface ShardState {
  /** Numbers the shards of an output; names its files. */
  readonly id: number;
  readonly stream: string;
  /** Absent: its rows have no day, or are not kept by day. */
  readonly day?: string;
  /** How many bytes its Parquet file had. */
  readonly bytes: number;
  /** How many row groups it had, which names the file of the rows that wait for the next. */
  readonly groups: number;
  /** How many rows waited. */
  readonly rows: number;
  /** How many bytes these had. */
  readonly spilled: number;
}

/** A commit, as a line of the ledger. */
export interface Entry {
  /** How many rows the output had in all. */
  readonly rows: number;
  /** The shards that changed since the line before. */
  readonly shards: readonly ShardState[];
  /** The footers of the row groups since the line before, by shard, in Base64. */
  readonly footers: Readonly<Record<string, readonly string[]>>;
}

/** The last line, once all files are whole: how many bytes each has, by its shard. */
export interface Seal {
  readonly sealed: Readonly<Record<string, number>>;
}

/** What an output is made of, a line a commit, durable before a position is given. */
export interface Ledger extends AsyncDisposable {
  /** @throws {DecantError} `SINK_FAILED` where another export has taken the place. */
  check(): Promise<void>;
  /** @returns Where the line ends. */
  append(line: Entry | Seal): Promise<number>;
}

/** The name of the ledger in the folder of what is not finished. */
export const ledgerName = "ledger.ndjson";

/** Opens a ledger and cuts it to so many bytes; 0 makes a new one. */
export async function openLedger(work: string, bytes: number): Promise<Ledger> {
  const path = join(work, ledgerName);
  const action = `write "${path}"`;
  const encoder = new TextEncoder();
  const file = await attempt(action, () => open(path, bytes === 0 ? "wx" : "r+"));
  let end = bytes;
  let closed = false;
  await attempt(action, () => file.truncate(bytes));
  return {
    check: () => attempt(action, () => refuseOther(file, path)),
    async append(line) {
      const text = encoder.encode(`${JSON.stringify(line)}\n`);
      await attempt(action, async () => {
        await writeFully(file, text, { position: end });
        await file.datasync();
      });
      end += text.byteLength;
      return end;
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      await file.close();
    },
  };
}

/** Another export that was forced may have taken the place of this one. */
async function refuseOther(file: FileHandle, path: string): Promise<void> {
  const own = await file.stat();
  const found = await stat(path).catch(() => undefined);
  if (found?.ino === own.ino && found.dev === own.dev) return;
  throw new DecantError("SINK_FAILED", `Cannot write "${path}": it is gone, or another one`, {
    kind: "sink",
    hint: "Another export may have replaced this one. Start again, with another output.",
  });
}
