import { dirname } from "node:path";
import { attempt, makeFolder } from "@decant/core/file";
import { beginRun } from "./begin-run.ts";
import { checkStreams, conduct, openSink, redactorOf } from "./conduct.ts";
import { openHeld } from "./held.ts";
import type { Job } from "./job.ts";
import { createJournal } from "./journal.ts";
import { createLedger, type Header } from "./ledger.ts";
import { takeLock } from "./lock.ts";
import type { Manifest } from "./manifest.ts";
import type { ResumeOptions } from "./resume-export.ts";
import { addedPath, heldPath, keepManifest, makeRunFolder, sweepHeld } from "./run-folder.ts";

/** How {@linkcode runExport} is called. */
export interface ExportOptions extends ResumeOptions {
  /** What is exported, as it is stored for a resume. */
  readonly job: Job;
  /** Replace an output and a state that are there already. @default {false} */
  readonly force?: boolean;
  /**
   * Goes on where the last run with this state ended, or begins a series of such runs. The sink adds
   * to what earlier runs wrote, and rows that they wrote are left out; of streams that are
   * `mutable`, rows that changed come again.
   */
  readonly incremental?: IncrementalOptions;
}

/** How a run goes on with earlier ones. */
export interface IncrementalOptions {
  /** How far to look back, from the end of the last complete run, for rows that came late, in milliseconds. */
  readonly lookbackMs: number;
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
  const { series, replaced, positionFor } = await beginRun(options, redactor?.keyId);
  const header: Header = {
    decant: "journal",
    version: 1,
    run: nameRun(now()),
    startedAt: new Date(now()).toISOString(),
    identity: source.identity,
    job,
    force,
    ...(redactor?.keyId && { hashKeyId: redactor.keyId }),
    ...(series && { series }),
  };
  const { run } = header;
  // Whatever fails up to here leaves an earlier export as it is.
  const range = series?.after === undefined ? job.range : { ...job.range, after: series.after };
  const plan = await source.plan(range, { signal });
  if (series) await makeRunFolder(state);
  const { streams } = source;
  await using held = series && (await openHeld({ state, run, series, streams }));
  await using opened = await openSink(header, options, { position: positionFor(job) });
  const matches = redactor && Object.fromEntries(redactor.names.map((name) => [name, 0]));
  const commit = { position: await opened.commit(), slices: [], ...(matches && { matches }) };
  if (series && replaced) await keepManifest(state, replaced);
  await using journal = await createJournal(state, [header, { plan }, { commit }]);
  if (series) {
    const base = series.previous ? [heldPath(state, series.previous.run)] : [];
    await sweepHeld(state, [...base, addedPath(state, run)]);
  }
  const ledger = createLedger(header, { plan }, { commit });
  return await conduct(options, { ledger, journal, sink: opened, redactor, held });
}

/** Names sort by time, as files are named after them. */
function nameRun(now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
  return `${time}-${crypto.randomUUID().slice(0, 8)}`;
}
