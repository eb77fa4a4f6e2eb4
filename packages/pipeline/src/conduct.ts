import { DecantError, type Json, type Sink, type SinkPlugin, type Source } from "@decant/core";
import { buildManifest } from "./build-manifest.ts";
import { conclude } from "./conclude.ts";
import { createRedactor, type Redactor } from "./create-redactor.ts";
import type { Held } from "./held.ts";
import type { Job } from "./job.ts";
import type { Journal } from "./journal.ts";
import type { Header, Ledger } from "./ledger.ts";
import type { Manifest } from "./manifest.ts";
import { pour } from "./pour.ts";
import type { ResumeOptions } from "./resume-export.ts";

/** A sink of one stream must not be given several. */
export function checkStreams({ streams }: Source, sink: SinkPlugin): void {
  if (sink.streams === "many" || streams.length <= 1) return;
  const names = streams.map(({ name }) => name).join(", ");
  throw new DecantError("SINK_ONE_STREAM", `Cannot export ${names}: the sink takes one stream`, {
    kind: "usage",
    hint: "Export one stream at a time, or choose a sink of many streams.",
  });
}

/** Makes what a job takes out of rows. */
export function redactorOf({ redact }: Job, { hashKey }: ResumeOptions): Redactor | undefined {
  return redact && createRedactor(redact, hashKey);
}

/** Opens the sink of an export, at its last position if there is one. */
export async function openSink(
  { run, job, force, series }: Header,
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
    ...(series && { append: true }),
    ...(position !== undefined && { position }),
    ...(finishing !== undefined && { finishing: true }),
    ...(output && { output }),
  });
}

/** All that an export needs to go on. */
interface Opened {
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly sink: Sink;
  readonly redactor: Redactor | undefined;
  readonly held: Held | undefined;
}

/** Pours and finishes. What was interrupted stays as it is, for a resume. */
export async function conduct(options: ResumeOptions, opened: Opened): Promise<Manifest> {
  const { ledger } = opened;
  const { source, now = Date.now } = options;
  const work = { ...options, ...opened, plugin: options.sink };
  const status = ledger.finishing?.status ?? (await pour(work));
  const finishedAt = new Date(now()).toISOString();
  const manifest = buildManifest(ledger, { source, status, finishedAt });
  return status === "interrupted" ? manifest : await conclude(manifest, work);
}
