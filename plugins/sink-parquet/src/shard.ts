import { Buffer } from "node:buffer";
import { join } from "node:path";
import type { Stream } from "@decant/core";
import { attempt } from "@decant/core/file";
import { encodeFooter } from "./encode-footer.ts";
import { encodeGroup } from "./encode-group.ts";
import type { ShardState } from "./ledger.ts";
import { nameColumns, schemaOf } from "./parquet-columns.ts";
import type { Settings } from "./settings.ts";
import { openSpill, removeSpill } from "./spill.ts";
import type { SpilledRow } from "./spilled-row.ts";
import { syncFile, writeAt } from "./write-at.ts";

/** What a shard needs to know. */
export interface ShardOptions {
  /** The folder of what is not finished. */
  readonly work: string;
  readonly stream: Stream;
  readonly settings: Settings;
  /** The run, which the file names. */
  readonly run: string;
  readonly state: ShardState;
  /** The footers of its row groups until now, in Base64. */
  readonly footers: readonly string[];
}

/**
 * One Parquet file as it grows. Rows wait on the disk until they make a row group, as a Parquet file
 * takes rows by the group only, and a commit has to make them durable before.
 */
export interface Shard {
  readonly state: ShardState;
  write(row: SpilledRow): Promise<void>;
  /** Makes durable what was written. Gives the footers since the last commit, in Base64. */
  commit(): Promise<{ readonly state: ShardState; readonly footers: readonly string[] }>;
  /** Makes the file whole. @returns How many bytes it has. */
  seal(): Promise<number>;
}

/** The file of a shard in the folder of what is not finished. */
export function dataPath(work: string, id: number): string {
  return join(work, `${id}.data`);
}

/** The file of the rows that wait for the row group of this number. */
export function spillPath(work: string, { id, groups }: Pick<ShardState, "id" | "groups">): string {
  return join(work, `${id}.${groups}.rows`);
}

/** Opens a shard whose files are as its state says. */
export function openShard(options: ShardOptions): Shard {
  const { work, settings, state: before } = options;
  const footers: Uint8Array[] = options.footers.map((text) => Buffer.from(text, "base64"));
  const removeOld = createCleaner(work, before);
  let recorded = footers.length;
  let { bytes, groups } = before;
  const path = dataPath(work, before.id);
  let spill = openSpill(spillPath(work, before), { rows: before.rows, bytes: before.spilled });

  function stateNow(): ShardState {
    return { ...before, bytes, groups, rows: spill.rows, spilled: spill.bytes };
  }

  async function closeGroup(): Promise<void> {
    const group = await writeGroup(options, { rows: await spill.read(), start: bytes });
    footers.push(group.footer);
    bytes = group.end;
    groups += 1;
    spill = openSpill(spillPath(work, { id: before.id, groups }), { rows: 0, bytes: 0 });
  }

  return {
    get state() {
      return stateNow();
    },
    async write(row) {
      await spill.write(row);
      const full = spill.rows >= settings.groupRows || spill.bytes >= settings.groupBytes;
      if (full) await closeGroup();
    },
    async commit() {
      await spill.commit();
      if (footers.length > recorded) await attempt(`write "${path}"`, () => syncFile(path));
      await removeOld(groups);
      const fresh = footers.slice(recorded);
      recorded = footers.length;
      return {
        state: stateNow(),
        footers: fresh.map((one) => Buffer.from(one).toString("base64")),
      };
    },
    async seal() {
      if (spill.rows > 0) await closeGroup();
      return await writeFooter(options, { footers, start: bytes });
    },
  };
}

/** Removes rows that are in a row group, when no position needs them any more. */
function createCleaner(work: string, { id, groups }: ShardState): (now: number) => Promise<void> {
  let oldest = groups;
  let needed = groups;
  return async (now) => {
    // At a commit the host has recorded the position before it, and goes back no further.
    for (; oldest < needed; oldest += 1) await removeSpill(spillPath(work, { id, groups: oldest }));
    needed = now;
  };
}

async function writeGroup(
  { work, stream, settings, state: { id } }: ShardOptions,
  { rows, start }: { readonly rows: Iterable<SpilledRow>; readonly start: number },
): Promise<{ readonly footer: Uint8Array; readonly end: number }> {
  const { columns } = stream;
  const { bytes, footer } = await encodeGroup({ rows, columns, codec: settings.codec, start });
  const path = dataPath(work, id);
  const write = () => writeAt(path, bytes, { position: start });
  return { footer, end: await attempt(`write "${path}"`, write) };
}

async function writeFooter(
  { work, stream, settings, run, state: { id } }: ShardOptions,
  { footers, start }: { readonly footers: readonly Uint8Array[]; readonly start: number },
): Promise<number> {
  const schema = schemaOf(nameColumns(stream.columns));
  const about = { "decant.stream": stream.name, "decant.run": run };
  const bytes = encodeFooter({ schema, groups: footers, codec: settings.codec, start, about });
  const path = dataPath(work, id);
  const write = () => writeAt(path, bytes, { position: start, sync: true });
  return await attempt(`write "${path}"`, write);
}
