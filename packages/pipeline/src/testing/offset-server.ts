import { createRow, type Row, type Slice, type Source } from "@decant/core";

/** A row of the server: newest first by time, ties in any order. */
export interface ServerRow {
  readonly id: string;
  readonly second: number;
}

export interface OffsetServerOptions {
  readonly pageSize: number;
  /** Whether it counts rows, as `End.expected`. */
  readonly counts: boolean;
  /** Split a window of more rows than this. */
  readonly splitAbove?: number;
  /** Called before each page: the place to insert rows, remove some, or fail. */
  onPage?(server: OffsetServer): void;
}

/** A server that pages by offset, so that rows shift under a reader when others arrive or go. */
export interface OffsetServer {
  readonly rows: ServerRow[];
  readonly source: Source;
  pages: number;
}

interface Window {
  readonly from: number;
  readonly to: number;
}

const encoder = new TextEncoder();

/** The bytes that a row is served as. */
export function bodyOf({ id, second }: ServerRow): string {
  return `{"id":"${id}","second":${second}.0,"big":12345678901234567890}`;
}

export function createOffsetServer(rows: ServerRow[], options: OffsetServerOptions): OffsetServer {
  const { pageSize, counts, splitAbove = Number.POSITIVE_INFINITY } = options;

  function list({ from, to }: Window): ServerRow[] {
    return server.rows
      .filter((row) => row.second >= from && row.second < to)
      .sort((a, b) => b.second - a.second);
  }

  const source: Source = {
    identity: "offset server",
    streams: [{ name: "events", columns: [] }],
    lanes: { main: { concurrency: 3 } },
    plan: async ({ to }) => [slice({ from: 0, to: Date.parse(to) / 1000 })],
    async *read({ args }, { cursor, signal }) {
      const window = args as unknown as Window;
      const middle = Math.floor((window.from + window.to) / 2);
      const total = list(window).length;
      if (cursor === undefined && total > splitAbove && window.to - window.from > 1) {
        const spawn = [slice({ ...window, from: middle }), slice({ ...window, to: middle })];
        yield { rows: [], next: { end: { why: "split" } }, spawn };
        return;
      }
      const [begin = 0, count = total] = (cursor ?? "").split("/").filter(Boolean).map(Number);
      for (let offset = begin; ; offset += pageSize) {
        signal.throwIfAborted();
        server.pages += 1;
        options.onPage?.(server);
        const all = list(window);
        const page = all.slice(offset, offset + pageSize).map(toRow);
        const more = offset + pageSize < all.length;
        await null;
        if (more) yield { rows: page, next: { cursor: `${offset + pageSize}/${count}` } };
        else {
          const end = { why: "complete" as const, ...(counts && { expected: count }) };
          yield { rows: page, next: { end } };
          return;
        }
      }
    },
  };
  const server: OffsetServer = { rows, source, pages: 0 };
  return server;
}

function slice(window: Window): Slice {
  const key = `${window.from}-${window.to}`;
  return { key, stream: "events", lane: "main", dedupe: "slice", args: { ...window } };
}

function toRow(row: ServerRow): Row {
  const time = new Date(row.second * 1000).toISOString();
  return createRow({ id: row.id, time, json: encoder.encode(bodyOf(row)) });
}
