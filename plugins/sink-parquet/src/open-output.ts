import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Json, Sink, SinkOpenOptions } from "@decant/core";
import { attempt } from "@decant/core/file";
import { checkDestination } from "./check-destination.ts";
import { createWork } from "./create-work.ts";
import { createFinishedSink, isFinished, isWhole } from "./finished-sink.ts";
import { createGrowingSink } from "./growing-sink.ts";
import { guardSink } from "./guard-sink.ts";
import { createLayout, type Layout } from "./layout.ts";
import { ledgerName, openLedger, type ShardState } from "./ledger.ts";
import { placeFiles } from "./place-files.ts";
import { parsePosition } from "./position.ts";
import { exists } from "./replaced-files.ts";
import { mismatch, readWork, rewindWork } from "./resume-work.ts";
import { readSettings, type Settings } from "./settings.ts";

/** Opens a new output, or one at a position. */
export async function openOutput(options: SinkOpenOptions): Promise<Sink> {
  options.signal?.throwIfAborted();
  const settings = readSettings(options.options);
  const layout = createLayout(options, settings);
  const open = { options, settings, layout };
  if (options.position !== undefined) return await resume(open, options.position);
  await checkDestination(layout);
  const shards = firstShards(layout);
  const { ledger, position } = await createWork(layout, { shards, force: options.force });
  const record = { rows: 0, shards, footers: new Map() };
  return guardSink(createGrowingSink({ ...open, ledger, position, record }), layout.destination);
}

interface Open {
  readonly options: SinkOpenOptions;
  readonly settings: Settings;
  readonly layout: Layout;
}

/** A file is there without a row, too; a folder gets each file with its first row. */
function firstShards({ folder, streams }: Layout): ShardState[] {
  if (folder) return [];
  return [...streams].map((stream) => ({
    id: 0,
    stream,
    bytes: 0,
    groups: 0,
    rows: 0,
    spilled: 0,
  }));
}

async function resume({ options, settings, layout }: Open, from: Json): Promise<Sink> {
  const { finishing = false, force, run } = options;
  const { work, destination } = layout;
  const position = parsePosition(from);
  if (finishing && !(await attempt(`look at "${work}"`, () => exists(join(work, ledgerName))))) {
    if (!(await isFinished(layout, { rows: position.rows, run }))) {
      throw mismatch(work, `it is gone, and "${basename(destination)}" is not whole`);
    }
    const finish = () => rm(work, { recursive: true, force: true });
    return createFinishedSink(position, () => attempt(`remove "${work}"`, finish));
  }
  const record = await readWork(layout, position);
  const { shards, sealed } = record;
  if (finishing && sealed) {
    for (const shard of shards) await isWhole(layout, shard, sealed);
    return createFinishedSink(position, () => placeFiles(layout, { shards, force }));
  }
  await rewindWork(work, record);
  const ledger = await openLedger(work, position.ledger);
  const open = { options, settings, layout, ledger, position, record };
  return guardSink(createGrowingSink(open), destination);
}
