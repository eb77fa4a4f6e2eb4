import { dirname } from "node:path";
import {
  DecantError,
  isDecantError,
  type Json,
  type Output,
  type Sink,
  type SinkPlugin,
  type Source,
} from "@decant/core";
import { attempt, makeFolder } from "@decant/core/file";
import { buildManifest } from "./build-manifest.ts";
import { conclude } from "./conclude.ts";
import { createRedactor, type Redactor } from "./create-redactor.ts";
import type { Job } from "./job.ts";
import { createJournal, type Journal, openJournal } from "./journal.ts";
import { createLedger, type Header, type Ledger } from "./ledger.ts";
import { type LockOwner, takeLock } from "./lock.ts";
import type { Manifest } from "./manifest.ts";
import { pour } from "./pour.ts";
import type { Progress } from "./progress.ts";
import { readJournal } from "./read-journal.ts";
import { readState } from "./read-state.ts";

/** How {@linkcode resumeExport} is called. */
export interface ResumeOptions {
  readonly source: Source;
  readonly sink: SinkPlugin;
  /** Path of the state file. */
  readonly state: string;
  /** How many slices are read at once, as far as their lanes allow. @default {8} */
  readonly concurrency?: number;
  /**
   * The key for `job.redact.hash`, 32 characters or more. It is never stored; a resume takes no
   * other one.
   */
  readonly hashKey?: string;
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

/** How {@linkcode runExport} is called. */
export interface ExportOptions extends ResumeOptions {
  /** What is exported, as it is stored for a resume. */
  readonly job: Job;
  /** Replace an output and a state that are there already. @default {false} */
  readonly force?: boolean;
}

/**
 * Exports everything that a source lists into a sink. State advances only after the sink has
 * committed, so that after a crash at any instant {@linkcode resumeExport} gives the output that
 * the export would have given.
 *
 * @param options Source, sink, job and state. The folder of the state is made when it is not there.
 * @returns The manifest. Its status is `interrupted` when the signal was aborted before the end.
 *
 * @throws The signal's reason when it was aborted before anything was begun.
 * @throws {DecantError} `PATH_INVALID`, `HASH_KEY_MISSING` or `HASH_KEY_SHORT` for what
 * `job.redact` asks, `STATE_EXISTS` when an export was begun there, `STATE_LOCKED` while it
 * runs, `SINK_ONE_STREAM` when the sink takes one stream and the source has more, and what the
 * source or the sink throws; all that was committed until then can be resumed.
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
  const { state, job, source, sink, owner, force = false, now = Date.now } = options;
  const { signal = new AbortController().signal } = options;
  checkStreams(source, sink);
  const redactor = redactorOf(job, options);
  const folder = dirname(state);
  await attempt(`create "${folder}"`, () => makeFolder(folder));
  await using _lock = owner && (await takeLock(`${state}.lock`, owner));
  const failed = force ? undefined : await findFailedStart(state);
  const header: Header = {
    decant: "journal",
    version: 1,
    run: crypto.randomUUID(),
    startedAt: new Date(now()).toISOString(),
    identity: source.identity,
    job,
    force,
    ...(redactor?.keyId && { hashKeyId: redactor.keyId }),
  };
  // Whatever fails up to here leaves an earlier export as it is.
  const plan = await source.plan(job.range, { signal });
  await using opened = await openSink(header, options, { position: failed?.positionFor(job) });
  const matches = redactor && Object.fromEntries(redactor.names.map((name) => [name, 0]));
  const commit = { position: await opened.commit(), slices: [], ...(matches && { matches }) };
  await using journal = await createJournal(state, [header, { plan }, { commit }]);
  const ledger = createLedger(header, { plan }, { commit });
  return await conduct(options, { ledger, journal, sink: opened, redactor });
}

/**
 * Goes on with an export that was cut off, where its state says that it stopped.
 *
 * @param options The same source and sink, made from the job that {@linkcode readState} gives.
 * @returns The manifest, as {@linkcode runExport} gives it.
 *
 * @throws {DecantError} `STATE_NOT_FOUND`, `STATE_CORRUPT` or `STATE_VERSION` when the state cannot
 * be read, `STATE_MISMATCH` when it is of another source, was begun with another hash key or ends
 * behind its output, and what
 * {@linkcode runExport} throws.
 *
 * @example
 * ```ts
 * import type { SinkPlugin, Source } from "@decant/core";
 * import { readState, resumeExport } from "@decant/pipeline";
 *
 * async function goOn(state: string, source: Source, sink: SinkPlugin): Promise<string> {
 *   const found = await readState(state);
 *   if (found.kind === "manifest") return found.manifest.status;
 *   return (await resumeExport({ source, sink, state })).status;
 * }
 * ```
 */
export async function resumeExport(options: ResumeOptions): Promise<Manifest> {
  const { state, source, sink, owner } = options;
  checkStreams(source, sink);
  await readState(state);
  await using _lock = owner && (await takeLock(`${state}.lock`, owner));
  const { ledger, length } = await readJournal(state);
  const redactor = redactorOf(ledger.header.job, options);
  checkHeader(ledger.header, { state, identity: source.identity, hashKeyId: redactor?.keyId });
  await using opened = await openSink(ledger.header, options, ledger);
  await using journal = await openJournal(state, length);
  return await conduct(options, { ledger, journal, sink: opened, redactor });
}

function redactorOf({ redact }: Job, { hashKey }: ResumeOptions): Redactor | undefined {
  return redact && createRedactor(redact, hashKey);
}

interface Present {
  readonly state: string;
  readonly identity: string;
  readonly hashKeyId: string | undefined;
}

/** Whether an export can go on with what is there at present. */
function checkHeader(header: Header, { state, identity, hashKeyId }: Present): void {
  if (identity !== header.identity) {
    throw new DecantError(
      "STATE_MISMATCH",
      `Cannot resume "${state}": it is an export of "${header.identity}", not of "${identity}"`,
      { kind: "usage" },
    );
  }
  if (hashKeyId !== header.hashKeyId) {
    throw new DecantError(
      "STATE_MISMATCH",
      `Cannot resume "${state}": its values are hashed with another key`,
      { kind: "usage", hint: "Set DECANT_HASH_KEY to the key that it was begun with." },
    );
  }
}

function checkStreams({ streams }: Source, sink: SinkPlugin): void {
  if (sink.streams === "many" || streams.length <= 1) return;
  const names = streams.map(({ name }) => name).join(", ");
  throw new DecantError("SINK_ONE_STREAM", `Cannot export ${names}: the sink takes one stream`, {
    kind: "usage",
    hint: "Export one stream at a time, or choose a sink of many streams.",
  });
}

/** An export that failed before its first row, and left nothing that anybody could miss. */
interface FailedStart {
  /** Where the sink stood, if the next try goes to the same place. */
  positionFor(job: Job): Json | undefined;
}

/** Such an export does not stand in the way of the next try. Any other does. */
async function findFailedStart(state: string): Promise<FailedStart | undefined> {
  try {
    const found = await readState(state);
    if (found.kind === "manifest") throw stateEnded(state);
    if (found.rows > 0) throw stateExists(state);
  } catch (error) {
    if (isDecantError(error) && error.code === "STATE_NOT_FOUND") return undefined;
    throw error;
  }
  const { ledger } = await readJournal(state);
  const { sink } = ledger.header.job;
  return {
    positionFor: (job) =>
      job.sink.name === sink.name && job.sink.destination === sink.destination
        ? ledger.position
        : undefined,
  };
}

function stateEnded(path: string): DecantError {
  return new DecantError("STATE_EXISTS", `Cannot begin "${path}": an export has ended there`, {
    kind: "usage",
    hint: "Choose another output, or replace it with --force.",
  });
}

function stateExists(path: string): DecantError {
  return new DecantError("STATE_EXISTS", `Cannot begin "${path}": an unfinished export is there`, {
    kind: "usage",
    hint: `Unfinished export: run "decant resume ${path}", or --force.`,
  });
}

async function openSink(
  { run, job, force }: Header,
  { sink, source, output }: ResumeOptions,
  { position, finishing }: { position: Json | undefined; finishing?: unknown },
): Promise<Sink> {
  // No signal: an interrupted export still commits what it holds.
  return await sink.open({
    destination: job.sink.destination,
    options: job.sink.options,
    streams: source.streams,
    run,
    force,
    ...(position !== undefined && { position }),
    ...(finishing !== undefined && { finishing: true }),
    ...(output && { output }),
  });
}

/** A ledger with its journal and its sink. */
interface Opened {
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly sink: Sink;
  readonly redactor: Redactor | undefined;
}

/** Pours and finishes. What was interrupted stays as it is, for a resume. */
async function conduct(options: ResumeOptions, opened: Opened): Promise<Manifest> {
  const { ledger, journal, sink, redactor } = opened;
  const { now = Date.now } = options;
  const work = { ...options, plugin: options.sink, sink, ledger, journal, redactor };
  const status = ledger.finishing?.status ?? (await pour(work));
  const finishedAt = new Date(now()).toISOString();
  const manifest = buildManifest(ledger, { source: options.source, status, finishedAt });
  return status === "interrupted" ? manifest : await conclude(manifest, work);
}
