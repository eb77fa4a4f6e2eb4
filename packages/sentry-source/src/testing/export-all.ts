import type { End, Slice, Source, TimeRange } from "@decant/core";

const decoder = new TextDecoder();

/** What {@linkcode exportAll} read. */
export interface Exported {
  /** The text of each row by its id. */
  readonly rows: ReadonlyMap<string, string>;
  /** The same by stream, where ids of one may be ids of another. */
  readonly streams: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** How each slice ended, by its key. */
  readonly ends: ReadonlyMap<string, End>;
}

/** How {@linkcode exportAll} reads. */
export interface ExportOptions {
  readonly range?: TimeRange;
  /** Leaves each slice after each page and goes on from its cursor, as if the process had died. */
  readonly interrupted?: boolean;
  /** What a later process reads the planned slices with. @default {the same source} */
  readonly readWith?: Source;
}

/** Reads all slices as a pipeline does: several passes where nothing proves that one was enough. */
export async function exportAll(source: Source, options: ExportOptions = {}): Promise<Exported> {
  const { range = untilNow(), readWith = source } = options;
  const { signal } = new AbortController();
  const rows = new Map<string, string>();
  const streams = new Map<string, Map<string, string>>();
  const ends = new Map<string, End>();
  const known = new Set<string>();
  const last: Slice[] = [];
  const reading = { signal, keys: () => known };

  async function run(slices: readonly Slice[]): Promise<void> {
    const fresh = slices.filter(({ key }) => !known.has(key));
    for (const { key } of fresh) known.add(key);
    last.push(...fresh.filter((slice) => slice.last));
    const first = fresh.filter((slice) => !slice.last);
    await Promise.all(first.map((slice) => readSlice(JSON.parse(JSON.stringify(slice)))));
  }

  async function readSlice(slice: Slice): Promise<void> {
    const ids = new Set<string>();
    for (let pass = 1; pass <= 3; pass++) {
      const before = ids.size;
      const { pages, end } = await readPass(slice, ids);
      ends.set(slice.key, end);
      if ((end.why !== "complete" && end.why !== "hole") || slice.dedupe === "page") return;
      const { expected, lost = 0, shifted } = end;
      const settled = pages === 1 || (pass > 1 && ids.size === before);
      const done =
        expected === undefined
          ? shifted === false || (settled && !shifted)
          : ids.size + lost >= expected && (settled || !shifted);
      if (done) return;
    }
    ends.set(slice.key, { why: "hole", detail: "three passes" });
  }

  async function readPass(slice: Slice, ids: Set<string>): Promise<{ pages: number; end: End }> {
    let pages = 0;
    for (let cursor: string | undefined; ; ) {
      for await (const batch of readWith.read(slice, { ...reading, ...(cursor && { cursor }) })) {
        pages++;
        for (const row of batch.rows) {
          ids.add(row.id);
          const text = decoder.decode(row.json);
          rows.set(row.id, text);
          const own = streams.get(slice.stream) ?? new Map<string, string>();
          streams.set(slice.stream, own.set(row.id, text));
        }
        await run(batch.spawn ?? []);
        if ("end" in batch.next) return { pages, end: batch.next.end };
        cursor = batch.next.cursor;
        if (options.interrupted) break;
      }
    }
  }

  await run(await source.plan(range, { signal }));
  for (const slice of last) await readSlice(slice);
  return { rows, streams, ends };
}

/** Up to a minute ago, as an export does by default. */
export function untilNow(): { to: string } {
  return { to: new Date(Math.floor(Date.now() / 1_000 - 60) * 1_000).toISOString() };
}

/** The error that an export ends with, or how many rows it got: rows are too long to show. */
export async function failureOf(reading: Promise<Exported>): Promise<unknown> {
  try {
    return `no failure, but ${(await reading).rows.size} rows`;
  } catch (error) {
    return error;
  }
}
