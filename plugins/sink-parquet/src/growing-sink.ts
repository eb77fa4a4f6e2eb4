import { formatTime, type Row, type Sink, type SinkOpenOptions, type Stream } from "@decant/core";
import { attempt, syncFolder } from "@decant/core/file";
import type { Layout } from "./layout.ts";
import type { Ledger } from "./ledger.ts";
import { placeFiles } from "./place-files.ts";
import type { Position } from "./position.ts";
import type { LedgerRecord } from "./read-ledger.ts";
import type { Settings } from "./settings.ts";
import { openShard, type Shard } from "./shard.ts";

/** What {@linkcode createGrowingSink} needs. */
export interface GrowingSinkOptions {
  readonly options: SinkOpenOptions;
  readonly settings: Settings;
  readonly layout: Layout;
  readonly ledger: Ledger;
  /** Where the ledger ends. */
  readonly position: Position;
  /** What the ledger says. */
  readonly record: LedgerRecord;
}

/** How many files are synced at once. */
const syncsAtOnce = 16;

/** A sink whose output grows in the folder of its work. */
export function createGrowingSink(open: GrowingSinkOptions): Sink {
  const { layout, ledger } = open;
  const shards = openShards(open);
  const changed = new Set<Shard>();
  let { position } = open;
  let rows = position.rows;
  let whole = false;

  return {
    async write(stream, more) {
      await ledger.check();
      for (const row of more) {
        const shard = shards.find(stream, dayOf(row, layout));
        changed.add(shard);
        await shard.write(row);
      }
      rows += more.length;
    },
    async commit() {
      if (changed.size === 0) return position;
      await ledger.check();
      const commits = await commitAll([...changed]);
      await attempt(`write "${layout.work}"`, () => syncFolder(layout.work));
      const end = await ledger.append({
        rows,
        shards: commits.map(({ state }) => state),
        footers: Object.fromEntries(commits.map(({ state, footers }) => [state.id, footers])),
      });
      changed.clear();
      position = { ledger: end, rows };
      return position;
    },
    async finish() {
      await ledger.check();
      const all = [...shards.all()];
      if (!whole) {
        const sealed: Record<string, number> = {};
        for (const shard of all) sealed[shard.state.id] = await shard.seal();
        await ledger.append({ sealed });
        whole = true;
      }
      const states = all.map(({ state }) => state);
      await placeFiles(layout, { shards: states, force: open.options.force });
    },
    async [Symbol.asyncDispose]() {
      await ledger[Symbol.asyncDispose]();
    },
  };
}

interface Shards {
  find(stream: string, day: string | undefined): Shard;
  all(): Iterable<Shard>;
}

function openShards({ options, settings, layout, record }: GrowingSinkOptions): Shards {
  const { work } = layout;
  const { run } = options;
  const streams = new Map(options.streams.map((stream) => [stream.name, stream]));
  const shards = new Map<string, Shard>();
  for (const state of record.shards) {
    const footers = record.footers.get(state.id) ?? [];
    const stream = streamOf(streams, state.stream);
    const shard = openShard({ work, stream, settings, run, state, footers });
    shards.set(keyOf(state.stream, state.day), shard);
  }
  return {
    find(name, day) {
      const key = keyOf(name, day);
      const found = shards.get(key);
      if (found) return found;
      const stream = streamOf(streams, name);
      const empty = { bytes: 0, groups: 0, rows: 0, spilled: 0 };
      const state = { id: shards.size, stream: name, ...(day !== undefined && { day }), ...empty };
      const shard = openShard({ work, stream, settings, run, state, footers: [] });
      shards.set(key, shard);
      return shard;
    },
    all: () => shards.values(),
  };
}

function streamOf(streams: ReadonlyMap<string, Stream>, name: string): Stream {
  const stream = streams.get(name);
  if (!stream) throw new TypeError(`Cannot write rows of "${name}": it was not named at open()`);
  return stream;
}

function keyOf(stream: string, day = ""): string {
  return `${stream} ${day}`;
}

/** In UTC, as all times are. */
function dayOf({ time }: Row, { byDay }: Layout): string | undefined {
  return byDay ? formatTime(time)?.slice(0, 10) : undefined;
}

async function commitAll(
  shards: readonly Shard[],
): Promise<Awaited<ReturnType<Shard["commit"]>>[]> {
  const commits = [];
  for (let at = 0; at < shards.length; at += syncsAtOnce) {
    const some = shards.slice(at, at + syncsAtOnce);
    commits.push(...(await Promise.all(some.map((shard) => shard.commit()))));
  }
  return commits;
}
