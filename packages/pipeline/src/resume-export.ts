import { DecantError, type Output, type SinkPlugin, type Source } from "@decant/core";
import { checkStreams, conduct, openSink, redactorOf } from "./conduct.ts";
import { openHeld } from "./held.ts";
import { openJournal } from "./journal.ts";
import type { Header } from "./ledger.ts";
import { type LockOwner, takeLock } from "./lock.ts";
import type { Manifest } from "./manifest.ts";
import type { Progress } from "./progress.ts";
import { readJournal } from "./read-journal.ts";
import { findManifest, readState } from "./read-state.ts";

/** How {@linkcode resumeExport} is called. */
export interface ResumeOptions {
  readonly source: Source;
  readonly sink: SinkPlugin;
  /** Path of the state file. */
  readonly state: string;
  /** How many slices are read at once, as far as their lanes allow. @default {32} */
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

/**
 * Goes on with an export that was cut off, where its state says that it stopped.
 *
 * @param options The same source and sink, made from the job that {@linkcode readState} gives.
 * @returns The manifest, as {@linkcode runExport} gives it, also where another process has just
 * brought the export to its end.
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
  const ended = await findManifest(state);
  if (ended) return ended;
  const { ledger, length } = await readJournal(state);
  const { run, job, series } = ledger.header;
  const redactor = redactorOf(job, options);
  checkHeader(ledger.header, { state, identity: source.identity, hashKeyId: redactor?.keyId });
  const { streams } = source;
  await using held =
    series && (await openHeld({ state, run, series, streams, length: ledger.held }));
  await using opened = await openSink(ledger.header, options, ledger);
  await using journal = await openJournal(state, length);
  return await conduct(options, { ledger, journal, sink: opened, redactor, held });
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
