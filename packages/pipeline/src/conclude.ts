import { DecantError, isDecantError, type Sink, type SinkPlugin, type Source } from "@decant/core";
import { checkOutput } from "./check-output.ts";
import { isUnread } from "./explain.ts";
import { mutableOf } from "./held.ts";
import type { Journal } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import type { Manifest } from "./manifest.ts";
import { mergeHeld } from "./merge-held.ts";
import { heldPath, sweepHeld } from "./run-folder.ts";
import { endSeries } from "./series.ts";
import { writeManifest } from "./write-manifest.ts";

interface ConcludeOptions {
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly sink: Sink;
  readonly plugin: SinkPlugin;
  readonly source: Source;
  readonly state: string;
}

/**
 * Puts the output in its place, then the manifest. A crash in between is made good by doing both
 * again: the journal says that the output is being finished, and with which digest.
 */
export async function conclude(manifest: Manifest, options: ConcludeOptions): Promise<Manifest> {
  const { ledger, journal, sink, plugin, state } = options;
  const { status, digest } = manifest;
  const again = ledger.finishing !== undefined;
  if (!again) await journal.append({ finishing: { status, digest } });
  const closed = status === "closed" || !(await finish(sink));
  if (again && plugin.read) await check(manifest, plugin);
  const ended: Manifest = closed ? { ...manifest, status: "closed" } : manifest;
  const final = await endRun(ended, options);
  await writeManifest(state, final);
  if (final.series) await sweepHeld(state, [heldPath(state, final.run)]);
  return final;
}

/** Leaves to the next run what it has to know. It comes into force together with the manifest. */
async function endRun(manifest: Manifest, options: ConcludeOptions): Promise<Manifest> {
  const { ledger, source, state } = options;
  const { run, job, series } = ledger.header;
  if (!series) return manifest;
  const { streams } = source;
  const unread = unreadOf(manifest, mutableOf(streams));
  const ended = endSeries(series, { status: manifest.status, range: job.range, unread });
  const heldBytes = await mergeHeld({ state, run, series, streams, since: ended.heldSince });
  return { ...manifest, series: { ...ended, heldBytes } };
}

/** Of a stream whose rows may change, the next run reads all anyway. */
function unreadOf({ slices }: Manifest, mutable: ReadonlySet<string>): string[] {
  return slices
    .filter(({ stream, end }) => !mutable.has(stream) && isUnread(end))
    .map(({ stream }) => stream);
}

/** @returns Whether whoever reads the output was still there. */
async function finish(sink: Sink): Promise<boolean> {
  try {
    await sink.finish();
    return true;
  } catch (error) {
    if (!isDecantError(error) || error.code !== "OUTPUT_CLOSED") throw error;
    return false;
  }
}

/** Nobody wrote to the output after a crash, but somebody may have put another in its place. */
async function check(manifest: Manifest, sink: SinkPlugin): Promise<void> {
  const { ok, problems } = await checkOutput({ manifest, sink }, { ids: false });
  if (ok) return;
  throw new DecantError(
    "OUTPUT_CHANGED",
    `Cannot finish "${manifest.job.sink.destination}": ${problems.join(", ")}`,
    { kind: "verify", hint: "Start the export again with --force." },
  );
}
