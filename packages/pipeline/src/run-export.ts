import { mkdir, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { DecantError, type Output, type Sink, type SinkPlugin, type Source } from "@decant/core";
import { buildManifest } from "./build-manifest.ts";
import { conclude } from "./conclude.ts";
import type { Job } from "./job.ts";
import { createJournal, type Journal, openJournal } from "./journal.ts";
import { createLedger, type Header, type Ledger } from "./ledger.ts";
import { type LockOwner, takeLock } from "./lock.ts";
import type { Manifest } from "./manifest.ts";
import { pour } from "./pour.ts";
import type { Progress } from "./progress.ts";
import { readJournal } from "./read-journal.ts";

/** How {@linkcode runExport} is called. */
export interface ExportOptions {
  readonly source: Source;
  readonly sink: SinkPlugin;
  /** What is exported, as it is stored. Must be the stored one when `resume` is set. */
  readonly job: Job;
  /** Path of the state file. Its folder is made when it is not there. */
  readonly state: string;
  /** Go on where the state says that the export stopped. @default {false} */
  readonly resume?: boolean;
  /** Replace an output and a state that are there already. @default {false} */
  readonly force?: boolean;
  /** How many slices are read at once, as far as their lanes allow. @default {8} */
  readonly concurrency?: number;
  /** For sinks that write to the standard output. */
  readonly output?: Output;
  /** Guards the state against a second process. Absent: nothing does. */
  readonly owner?: LockOwner;
  /** When aborted, what was read is written and committed, and the export can be resumed. */
  readonly signal?: AbortSignal;
  /** The present, in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /** Called after each page: to be quick about it is up to the callee. */
  onProgress?(progress: Progress): void;
}

/**
 * Exports everything that a source lists into a sink. State advances only after the sink has
 * committed, so that after a crash at any instant a second call with `resume` gives the output
 * that the first would have given.
 *
 * @param options Source, sink, job and state.
 * @returns The manifest. Its status is `interrupted` when the signal was aborted before the end.
 *
 * @throws {DecantError} `STATE_EXISTS` when an export was begun there, `STATE_MISMATCH` when the
 * state is of another source, `STATE_LOCKED`, and what the source or the sink throws; all that
 * was committed until then can be resumed.
 *
 * @example
 * ```ts
 * import type { SinkPlugin, Source } from "@decant/core";
 * import { runExport } from "@decant/pipeline";
 *
 * async function backUp(source: Source, sink: SinkPlugin): Promise<number> {
 *   const manifest = await runExport({
 *     source,
 *     sink,
 *     state: "events.ndjson.decant",
 *     job: {
 *       source: { name: "sentry", options: { org: "acme" } },
 *       sink: { name: "ndjson", options: {}, destination: "events.ndjson" },
 *       range: { to: "2026-11-24T12:00:00Z" },
 *     },
 *   });
 *   return manifest.rows;
 * }
 * ```
 */
export async function runExport(options: ExportOptions): Promise<Manifest> {
  const { state, owner } = options;
  await mkdir(dirname(state), { recursive: true });
  await using _lock = owner && (await takeLock(`${state}.lock`, owner));
  return options.resume ? await goOn(options) : await begin(options);
}

/** A ledger with its journal and its sink. */
interface Opened {
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly sink: Sink;
}

async function begin(options: ExportOptions): Promise<Manifest> {
  const { state, job, source, force = false, now = Date.now } = options;
  if (!force) await refuseExisting(state);
  const header: Header = {
    decant: "journal",
    version: 1,
    run: crypto.randomUUID(),
    startedAt: new Date(now()).toISOString(),
    identity: source.identity,
    job,
    force,
  };
  const ledger = createLedger(header);
  await using journal = await createJournal(state, header);
  let sink: Sink;
  try {
    sink = await openSink(ledger, options);
  } catch (error) {
    await rm(state, { force: true }); // Nothing was begun.
    throw error;
  }
  return await conduct(options, { ledger, journal, sink });
}

async function goOn(options: ExportOptions): Promise<Manifest> {
  const { state, source } = options;
  const found = await readJournal(state);
  if (!found) {
    throw new DecantError("STATE_CORRUPT", `Cannot resume "${state}": it is empty`, {
      kind: "usage",
      hint: "Start the export again with --force.",
    });
  }
  const { ledger, length } = found;
  if (ledger.header.identity !== source.identity) {
    throw new DecantError(
      "STATE_MISMATCH",
      `Cannot resume "${state}": it is an export of "${ledger.header.identity}", not of "${source.identity}"`,
      { kind: "usage" },
    );
  }
  await using journal = await openJournal(state, length);
  const sink = await openSink(ledger, options);
  return await conduct(options, { ledger, journal, sink });
}

async function refuseExisting(state: string): Promise<void> {
  const found = await stat(state).catch(() => undefined);
  if (!found) return;
  throw new DecantError("STATE_EXISTS", `Cannot begin "${state}": an export was begun there`, {
    kind: "usage",
    hint: `Go on with it: decant resume ${state}. Or replace it with --force.`,
  });
}

async function openSink(ledger: Ledger, options: ExportOptions): Promise<Sink> {
  const { sink, source, output } = options;
  const { run, job, force } = ledger.header;
  const { position, finishing } = ledger;
  // No signal: an interrupted export still commits what it holds.
  return await sink.open({
    destination: job.sink.destination,
    options: job.sink.options,
    streams: source.streams,
    run,
    force,
    ...(position !== undefined && { position }),
    ...(finishing && { finishing: true }),
    ...(output && { output }),
  });
}

/** Pours and finishes. What was interrupted stays as it is, for a resume. */
async function conduct(options: ExportOptions, opened: Opened): Promise<Manifest> {
  await using sink = opened.sink;
  const { ledger, journal } = opened;
  const { now = Date.now } = options;
  const work = { ...options, plugin: options.sink, sink, ledger, journal };
  const status = ledger.finishing?.status ?? (await pour(work));
  const manifest = buildManifest(ledger, status, new Date(now()).toISOString());
  return status === "interrupted" ? manifest : await conclude(manifest, work);
}
