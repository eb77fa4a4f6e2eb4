import {
  type Batch,
  createRow,
  type Row,
  type Slice,
  type Source,
  type TimeRange,
} from "@decant/core";

/** An event, which never changes. It may arrive late. */
interface ModelEvent {
  readonly id: string;
  readonly second: number;
}

/** A server with one stream of each kind that later runs have to tell apart. */
export interface ChangingServer {
  /** By time, and only from `after` on. */
  readonly events: ModelEvent[];
  /** All of them each time, with times. */
  readonly commits: ModelEvent[];
  /** All of them each time, without times. */
  readonly notes: string[];
  /** Rows that change: version by id. */
  readonly issues: Map<string, number>;
  /** Events that are not listed for now: the slice is a hole. */
  readonly hidden: Set<string>;
  readonly source: Source;
  /** Called before each page. */
  onPage?: () => void;
}

const encoder = new TextEncoder();
const mutable = { columns: [], mutable: true, id: [[["id"]]] };
const fixed = { columns: [], id: [[["id"]]] };

export function createChangingServer(pageSize: number): ChangingServer {
  const server: ChangingServer = {
    events: [],
    commits: [],
    notes: [],
    issues: new Map(),
    hidden: new Set(),
    source: {
      identity: "changing server",
      streams: [
        { name: "events", ...fixed },
        { name: "commits", ...fixed },
        { name: "notes", ...fixed },
        { name: "issues", ...mutable },
      ],
      lanes: { main: { concurrency: 2 } },
      plan: async (range) => plan(range),
      async *read(slice, { cursor }) {
        yield* pages(slice, Number(cursor ?? 0));
      },
    },
  };

  async function* pages(slice: Slice, begin: number): AsyncGenerator<Batch> {
    for (let offset = begin; ; offset += pageSize) {
      server.onPage?.();
      const rows = list(slice);
      const page = rows.slice(offset, offset + pageSize);
      await null;
      if (offset + pageSize < rows.length) {
        yield { rows: page, next: { cursor: `${offset + pageSize}` } };
        continue;
      }
      const hole = slice.stream === "events" && server.hidden.size > 0;
      yield { rows: page, next: { end: { why: hole ? "hole" : "complete" } } };
      return;
    }
  }

  function list({ stream, args }: Slice): Row[] {
    if (stream === "issues") {
      return [...server.issues].map(([id, version]) => row(id, { version }));
    }
    if (stream === "notes") return server.notes.map((id) => row(id, {}));
    if (stream === "commits") return server.commits.map(({ id, second }) => row(id, { second }));
    const { from, to } = args as { from: number; to: number };
    return server.events
      .filter(({ id, second }) => second >= from && second < to && !server.hidden.has(id))
      .sort((a, b) => b.second - a.second)
      .map(({ id, second }) => row(id, { second }));
  }
  return server;
}

function plan({ to, after = "1970-01-01T00:00:00Z" }: TimeRange): Slice[] {
  const window = { from: Date.parse(after) / 1000, to: Date.parse(to) / 1000 };
  const middle = Math.floor((window.from + window.to) / 2);
  const rest = { lane: "main", dedupe: "slice" } as const;
  return [
    { key: "late", stream: "events", args: { ...window, from: middle }, ...rest },
    { key: "early", stream: "events", args: { ...window, to: middle }, ...rest },
    // Issues are listed twice: they have to be told apart within a run, too.
    { key: "issues/again", stream: "issues", args: null, ...rest },
    ...["commits", "notes", "issues"].map((stream) => ({
      key: stream,
      stream,
      args: null,
      ...rest,
    })),
  ];
}

/** Each version of each row has a text of its own. */
export function textOf(id: string, rest: object): string {
  return JSON.stringify({ id, ...rest });
}

function row(id: string, rest: { readonly second?: number; readonly version?: number }): Row {
  const time =
    rest.second === undefined ? {} : { time: new Date(rest.second * 1000).toISOString() };
  return createRow({ id, ...time, json: encoder.encode(textOf(id, rest)) });
}
