import { resolve } from "node:path";
import { DecantError, escapeControls } from "@decant/core";
import { type Manifest, readState, type Verification, verifyExport } from "@decant/pipeline";
import { exitCodes } from "../errors/exit-code.ts";
import type { Registry } from "../plugins/registry.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { formatRows } from "../text/format-rows.ts";
import { shortPath } from "./choose-place.ts";
import { limitGarbage } from "./limit-garbage.ts";
import { openSink } from "./open-sink.ts";
import { outputKind } from "./output-kind.ts";
import { verifyFiles, watchFiles } from "./verify-files.ts";

/** What `verify` was given. */
export interface VerifyInputs {
  readonly registry: Registry;
  readonly state: string;
  readonly flags: {
    readonly output?: string | undefined;
    readonly quiet: boolean;
    readonly json: boolean;
  };
}

/**
 * Checks an output against its manifest, and the files of attachments that lie beside it.
 *
 * @returns The exit code.
 * @throws {DecantError} `EXPORT_UNFINISHED` when the export has not ended.
 */
export async function verifyState({ registry, state, flags }: VerifyInputs): Promise<number> {
  limitGarbage();
  const manifest = await readManifest(state);
  const { name, options, destination: written } = manifest.job.sink;
  const { plugin } = await openSink(registry, { name, given: options });
  const destination = flags.output === undefined ? written : await whole(flags.output);
  const streams = Object.keys(manifest.streams);
  const { sink, files } = watchFiles(plugin, streams.length === 1 ? streams[0] : undefined);
  const read = await verifyExport({ manifest, sink, destination });
  const { source } = manifest.job;
  const wrong = source.name === "sentry" ? await verifyFiles(`${destination}.files`, files) : [];
  const found = {
    ...read,
    ok: read.ok && wrong.length === 0,
    problems: [...read.problems, ...wrong],
  };
  if (flags.json) await writeStdout(`${JSON.stringify({ ...found, destination })}\n`);
  if (!flags.quiet) process.stderr.write(`${escapeControls(describe(found, destination))}\n`);
  return found.ok ? 0 : exitCodes.verify;
}

/** A path as it is in the manifest; what is no path stays as it is. */
async function whole(output: string): Promise<string> {
  return (await outputKind(output)) === "address" ? output : resolve(output);
}

async function readManifest(state: string): Promise<Manifest> {
  const found = await readState(state);
  if (found.kind === "manifest") return found.manifest;
  throw new DecantError("EXPORT_UNFINISHED", `Cannot verify "${state}": the export has not ended`, {
    kind: "usage",
    hint: `Bring it to its end first: decant resume ${state}`,
  });
}

function describe(found: Verification, destination: string): string {
  const place = shortPath(destination);
  if (!found.ok) return `${place} does not verify: ${found.problems.join(", ")}`;
  return `${place} is what was written: ${formatRows(found)}, digest ${found.digest.slice(0, 16)}`;
}
