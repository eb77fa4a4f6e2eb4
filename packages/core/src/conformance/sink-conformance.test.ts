import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DecantError } from "../decant-error.ts";
import type { Json } from "../json.ts";
import type { Row } from "../row.ts";
import type { Output, Sink, SinkOpenOptions, SinkPlugin, SinkReadOptions } from "../sink.ts";
import { type SinkRow, sinkConformance } from "./sink-conformance.ts";

interface Stored {
  part?: SinkRow[] | undefined;
  final?: SinkRow[] | undefined;
}

/** A sink in memory that keeps the whole contract, or breaks it in one way. */
interface Memory {
  readonly outputs: Map<string, Stored>;
  readonly fault: string;
  readonly plugin: SinkPlugin;
}

function createMemory(resume: SinkPlugin["resume"], fault = ""): Memory {
  const memory: Memory = {
    outputs: new Map(),
    fault,
    plugin: {
      resume,
      streams: "many",
      open: async (options) => openMemory(memory, options),
      read: (options) => readMemory(memory, options),
    },
  };
  return memory;
}

function openMemory(memory: Memory, options: SinkOpenOptions): Sink {
  const { append, destination, finishing, position, run } = options;
  const { fault, outputs } = memory;
  if (fault !== "opens when aborted") options.signal?.throwIfAborted();
  const { resume } = memory.plugin;
  const perRun = append && resume === "rewind" && fault !== "overwrites earlier runs";
  const own = perRun ? `${destination}/${run}` : destination;
  const name = fault === "shares outputs" ? "one" : own;
  const stored = outputs.get(name) ?? {};
  outputs.set(name, stored);
  if (resume === "rewind") rewind(memory, stored, options);
  else if (fault === "starts over") stored.part = [];
  if (resume !== "rewind") stored.part ??= stored.final ?? [];
  if (position !== undefined && finishing && fault === "forgets when finishing") {
    stored.part = [];
    stored.final = undefined;
  }
  return createSink(memory, stored, options.output);
}

function rewind(
  { fault }: Memory,
  stored: Stored,
  { force, position, finishing }: SinkOpenOptions,
): void {
  if (position === undefined) {
    const unfinished = stored.part !== undefined && stored.part.length > 0;
    const refused =
      (stored.final && fault !== "replaces outputs") ||
      (unfinished && fault !== "replaces parts") ||
      (stored.part && fault === "refuses empty parts");
    if (refused && (!force || fault === "ignores force")) throw failure("OUTPUT_EXISTS");
    stored.part = [];
    return;
  }
  if (finishing && !stored.part && stored.final && fault !== "is blind to its end") return;
  const { rows } = position as { rows?: number };
  if (rows === undefined && fault === "takes foreign positions") return;
  if (!stored.part && fault === "takes lost outputs") {
    stored.part = [];
    return;
  }
  const held = stored.part?.length ?? -1;
  if (rows === undefined || held < 0) throw failure("STATE_MISMATCH");
  if (held < rows && fault !== "takes short outputs") throw failure("STATE_MISMATCH");
  if (fault === "rewinds one stream") {
    stored.part = stored.part?.filter(({ stream }, at) => at < rows || stream !== "events");
  } else if (fault !== "never truncates") stored.part!.length = Math.min(rows, held);
}

function createSink(memory: Memory, stored: Stored, output: Output | undefined): Sink {
  const { fault } = memory;
  let commits = 0;
  let finished = false;
  let disposed = false;
  return {
    write: async (stream, rows) => {
      if (rows.length === 0 && fault === "refuses no rows") throw failure("NO_ROWS");
      if (fault === "refuses odd ids" && rows.some(({ id }) => id.includes("..")))
        throw failure("ODD_ID");
      const most = fault === "cuts large batches" ? 1000 : rows.length;
      const more = rows.slice(0, most).map((row) => keep(memory, stream, row));
      for (const { json } of more) await send(memory, output, json);
      // Another run may have finished meanwhile.
      stored.part ??= stored.final ?? [];
      add(memory, stored.part, fault === "reverses batches" ? more.reverse() : more);
    },
    commit: async () => {
      commits += 1;
      const extra = fault === "counts commits" ? { commits } : {};
      const date = fault === "returns a date" ? { at: new Date(0) as unknown as Json } : {};
      return { rows: stored.part?.length ?? 0, ...extra, ...date };
    },
    finish: async () => {
      if (finished && fault === "finishes twice") throw failure("FINISHED");
      if (disposed && !finished && fault !== "finishes what it let go") throw failure("CLOSED");
      finished = true;
      if (stored.part?.length === 0 && fault === "drops empty outputs") return;
      stored.final = stored.part ?? stored.final;
      stored.part = undefined;
    },
    [Symbol.asyncDispose]: async () => {
      if (disposed && fault === "disposes once") throw failure("DISPOSED");
      disposed = true;
      if (fault === "finishes on dispose") stored.final ??= stored.part;
    },
  };
}

async function send({ fault }: Memory, output: Output | undefined, bytes: Uint8Array) {
  const sent = output?.write(bytes).catch((error: unknown) => {
    if (fault !== "hides a closed output") throw error;
  });
  if (fault === "does not wait") void sent?.catch(() => {});
  else await sent;
}

function keep({ fault }: Memory, stream: string, row: Row): SinkRow {
  if (fault === "changes rows") row.json[0] = 32;
  let text = new TextDecoder().decode(row.json);
  if (fault === "parses rows") text = JSON.stringify(JSON.parse(text));
  if (fault === "cuts long rows") text = text.slice(0, 1 << 20);
  const kept = { stream, json: new TextEncoder().encode(text) };
  keys.set(kept, `${stream} ${row.id}`);
  return fault === "mixes streams" ? { ...kept, stream: "events" } : kept;
}

function add({ fault, plugin }: Memory, rows: SinkRow[], more: readonly SinkRow[]): void {
  const keyed = plugin.resume === "keyed" && fault !== "inserts twice";
  for (const row of more) {
    const at = keyed ? rows.findIndex((other) => keys.get(other) === keys.get(row)) : -1;
    if (at >= 0) rows[at] = row;
    else rows.push(row);
  }
}

async function* readMemory(
  { fault, outputs }: Memory,
  { destination, run, signal }: SinkReadOptions,
): AsyncGenerator<{ stream: string; json: Uint8Array[] }> {
  const only = outputs.has(`${destination}/${run}`) && fault !== "mixes runs";
  const names = only
    ? [`${destination}/${run}`]
    : [...outputs.keys()].filter((name) => `${name}/`.startsWith(`${destination}/`));
  const found = fault === "shares outputs" ? ["one"] : names;
  const stored = { final: found.flatMap((name) => outputs.get(name)?.final ?? []) };
  const missing = found.every((name) => !outputs.get(name)?.final);
  if (missing && fault !== "reads what is not there") throw failure("MISSING");
  let stopped = true;
  try {
    for (const { stream = "", json } of stored.final) {
      if (fault !== "is deaf to signals") signal?.throwIfAborted();
      yield { stream, json: [json] };
    }
    stopped = false;
  } finally {
    if (stopped && fault === "loses what is half read") outputs.set(destination, { final: [] });
  }
}

const keys = new WeakMap<SinkRow, string>();

function failure(code: string): DecantError {
  return new DecantError(code, "Cannot do it", { kind: "sink" });
}

const output: Output = { terminal: false, columns: 80, color: false, write: async () => {} };

/** Runs the suite and says which tests there are and which failed. */
async function runSuite(
  memory: Memory,
  streams?: "one",
): Promise<{ names: string[]; failed: string[] }> {
  const bodies = new Map<string, () => Promise<void>>();
  sinkConformance({
    test: (name, body) => void bodies.set(name, body),
    plugin: memory.plugin,
    ...(streams && { streams }),
    entry: {
      module: "",
      summary: "",
      resume: memory.plugin.resume,
      streams: memory.fault === "lies" ? "one" : "many",
    },
    setUp: async () => ({
      destination: crypto.randomUUID(),
      ...(memory.plugin.resume === "none" && { output }),
    }),
  });
  const failed: string[] = [];
  for (const [name, body] of bodies) await body().catch(() => failed.push(name));
  return { names: [...bodies.keys()], failed };
}

const kinds = ["rewind", "keyed", "none"] as const;

/** Each rule, and a way to break it. */
const faults = {
  "the sink is what its package.json says": ["rewind", "lies"],
  "write() keeps rows in order over many batches": ["rewind", "reverses batches"],
  "write() keeps rows whatever the batches": ["rewind", "cuts large batches"],
  "write() takes rows of any id": ["rewind", "refuses odd ids"],
  "write() takes no rows": ["rewind", "refuses no rows"],
  "write() keeps the bytes of a row": ["rewind", "parses rows"],
  "write() keeps a row of 4 MiB": ["rewind", "cuts long rows"],
  "write() leaves the rows as they are": ["rewind", "changes rows"],
  "write() keeps the streams of an output apart": ["rewind", "mixes streams"],
  "commit() returns plain JSON": ["rewind", "returns a date"],
  "commit() does nothing where nothing was written": ["rewind", "counts commits"],
  "read() refuses an output that is not there": ["rewind", "reads what is not there"],
  "read() stops when its reader does": ["rewind", "loses what is half read"],
  "read() ends with the reason of an aborted signal": ["rewind", "is deaf to signals"],
  "open() takes a second output while one is open": ["keyed", "shares outputs"],
  "open() refuses an output that is there": ["rewind", "replaces outputs"],
  "open() refuses an unfinished output without its position": ["rewind", "replaces parts"],
  "open() with force replaces what is there": ["rewind", "ignores force"],
  "finish() without rows leaves an empty output": ["rewind", "drops empty outputs"],
  "finish() twice does what once does": ["rewind", "finishes twice"],
  "finish() is made good after a crash before it": ["rewind", "forgets when finishing"],
  "finish() is made good after a crash behind it": ["rewind", "is blind to its end"],
  "dispose without finish() leaves no finished output": ["rewind", "finishes on dispose"],
  "finish() is refused after dispose": ["rewind", "finishes what it let go"],
  "dispose may come twice, and after finish()": ["rewind", "disposes once"],
  "open() again after a crash before the first row": ["rewind", "refuses empty parts"],
  "open() at a position drops what was written later": ["rewind", "never truncates"],
  "open() at a position drops what was committed later": ["rewind", "never truncates"],
  "open() at a position takes rows again without doubling them": ["keyed", "inserts twice"],
  "open() at a position goes on behind what is there": ["none", "starts over"],
  "open() at a position gives each row once whenever the crashes come": [
    "rewind",
    "rewinds one stream",
  ],
  "open() at a position brings each stream back to where it was": ["rewind", "rewinds one stream"],
  "open() refuses an output that ends before the position": ["rewind", "takes short outputs"],
  "open() refuses a position whose output is gone": ["rewind", "takes lost outputs"],
  "open() refuses a position that it never gave": ["rewind", "takes foreign positions"],
  "open() with append leaves what earlier runs wrote": ["rewind", "overwrites earlier runs"],
  "open() with append takes a run without rows": ["rewind", "overwrites earlier runs"],
  "open() with append goes on after a crash": ["rewind", "never truncates"],
  "finish() with append is made good after a crash behind it": ["rewind", "is blind to its end"],
  "open() with append keeps the streams of each run apart": ["rewind", "mixes streams"],
  "open() with append lets a row that comes again take the place of the older one": [
    "keyed",
    "inserts twice",
  ],
  "read() of a run gives its rows alone": ["rewind", "mixes runs"],
  "open() ends with the reason of an aborted signal": ["rewind", "opens when aborted"],
  "open() at a position goes on after an abort": ["rewind", "never truncates"],
  "open() at a position makes good a write() that failed": ["rewind", "never truncates"],
  "open() beside another run keeps the rows of both, or is refused": ["keyed", "starts over"],
  "write() waits for a slow output": ["none", "does not wait"],
  "write() tells that the reader of the output went away": ["none", "hides a closed output"],
} as const;

for (const kind of kinds) {
  test(`sinkConformance() passes a sink of kind ${kind} that keeps the contract`, async () => {
    const { names, failed } = await runSuite(createMemory(kind));
    expect(failed).toEqual([]);
    expect(names.length).toBeGreaterThan(14);
  });
}

for (const [name, [kind, fault]] of Object.entries(faults)) {
  test(`sinkConformance() fails "${name}" for a sink that ${fault}`, async () => {
    const { failed } = await runSuite(createMemory(kind, fault));
    expect(failed).toContain(name);
  });
}

test("sinkConformance() has a fault for each of its tests", async () => {
  const suites = await Promise.all(kinds.map((kind) => runSuite(createMemory(kind))));
  const names = new Set(suites.flatMap((suite) => suite.names));
  expect([...names].sort()).toEqual(Object.keys(faults).sort());
});

test("sinkConformance() asks a sink of many streams what it makes of one", async () => {
  const { plugin } = createMemory("rewind");
  const opened: number[] = [];
  const counting: SinkPlugin = {
    ...plugin,
    open: async (options) => {
      opened.push(options.streams.length);
      return await plugin.open(options);
    },
  };
  const { names, failed } = await runSuite({ ...createMemory("rewind"), plugin: counting }, "one");
  expect({ failed, opened: new Set(opened) }).toEqual({ failed: [], opened: new Set([1]) });
  expect(names).not.toContain("write() keeps the streams of an output apart");
});

test("docs/sink-spec.md names a test for each MUST, and each test", () => {
  const spec = readFileSync(new URL("../../../../docs/sink-spec.md", import.meta.url), "utf8");
  const rules = spec.split("\n").filter((line) => /^\| *\d+ *\|/.test(line));
  expect(rules.length).toBeGreaterThan(20);
  expect(rules.map((rule) => Number(rule.split("|")[1]))).toEqual(
    rules.map((_, index) => index + 1),
  );
  const named = rules.map((rule) => ({ rule, tests: testsOf(rule) }));
  for (const { rule, tests } of named) {
    expect(rule).toMatch(/ (MUST|SHOULD|MAY) /);
    if (/ MUST /.test(rule)) expect(tests, rule).not.toEqual([]);
  }
  const all = new Set(named.flatMap(({ tests }) => tests));
  expect([...all].sort()).toEqual(Object.keys(faults).sort());
});

/** The tests in the last column, each between backticks. */
function testsOf(rule: string): string[] {
  const column = rule.split("|").at(-2) ?? "";
  return [...column.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? "");
}
