import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { DecantError } from "@decant/core";
import type { Registry } from "../plugins/registry.ts";
import { chooseOutput, type OutputFlags } from "./choose-output.ts";
import { shortPath } from "./choose-place.ts";
import { conductExport } from "./conduct-export.ts";
import { lookAtInputs } from "./look-at-inputs.ts";
import { ndjsonJob } from "./ndjson-job.ts";

/** The flags of `export ndjson`, as oclif parsed them. */
interface ExportFlags extends OutputFlags {
  readonly stream?: string | undefined;
  readonly id?: readonly string[] | undefined;
  readonly time?: string | undefined;
}

/** What `export ndjson` was given. */
export interface ExportNdjsonInputs {
  readonly registry: Registry;
  readonly flags: ExportFlags;
  readonly files: readonly string[];
}

/**
 * Exports from files.
 *
 * @returns The exit code.
 */
export async function exportNdjson(inputs: ExportNdjsonInputs): Promise<number> {
  const { registry, flags } = inputs;
  const files = inputs.files.map((file) => (file === "-" ? file : resolve(file)));
  const found = await lookAtInputs(files);
  const stream = flags.stream ?? oneStream(found.streams);
  checkStream(stream);
  const id = flags.id?.map((path) => parsePath("id", path));
  const time = flags.time === undefined ? undefined : parsePath("time", flags.time);
  const output = await chooseOutput(registry, { flags, streams: [stream] });
  await requireOther(output.job.sink.destination, files);
  const source = ndjsonJob({ files, stream, ...(id && { id }), ...(time && { time }) });
  const to = `${new Date().toISOString().slice(0, 19)}Z`;
  const run = {
    sink: output.sink,
    state: output.state,
    job: { ...output.job, source, range: { to } },
    resume: false,
    force: flags.force,
    notes: found.notes,
  };
  return await conductExport([run], output.flags);
}

function oneStream(streams: readonly string[]): string {
  if (streams.length <= 1) return streams[0] ?? "events";
  const names = streams.join(", ");
  throw new DecantError("STREAMS_MIXED", `Cannot export ${names} into one: their rows differ`, {
    kind: "usage",
    hint: "Name the files of one stream, or say with --stream what all of the rows are.",
  });
}

/** It names the default output. */
function checkStream(name: string): void {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return;
  throw new DecantError("OPTION_INVALID", `Cannot use "${name}" as the name of a stream`, {
    kind: "usage",
    hint: "Give --stream as lower case letters, digits and dashes, such as events.",
  });
}

function parsePath(flag: string, path: string): readonly string[] {
  const keys = path.split(".");
  if (keys.every((key) => key !== "")) return keys;
  throw new DecantError("OPTION_INVALID", `Cannot read "${path}": a key of the path is empty`, {
    kind: "usage",
    hint: `Give --${flag} as keys with dots between, such as order.id.`,
  });
}

/** An output that replaced one of the inputs would leave nothing to go back to. */
async function requireOther(destination: string, files: readonly string[]): Promise<void> {
  const output = await lookAt(destination);
  for (const file of output ? files : []) {
    const input = await lookAt(file);
    if (input?.ino !== output?.ino || input?.dev !== output?.dev) continue;
    throw new DecantError(
      "OUTPUT_IS_INPUT",
      `Cannot export to "${shortPath(destination)}": it is read from`,
      { kind: "usage", hint: "Name another file with --output." },
    );
  }
}

function lookAt(path: string) {
  return stat(path, { bigint: true }).catch(() => undefined);
}
