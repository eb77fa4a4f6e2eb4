import { basename, dirname } from "node:path";
import type { Manifest } from "@decant/pipeline";
import { shortPath } from "./choose-place.ts";
import { stateIfThere } from "./state-if-there.ts";

/** What the manifests beside files tell of them. */
export interface Inputs {
  /** The streams that they are of, as far as that is known. */
  readonly streams: readonly string[];
  /** Lines for the summary: what is not whole cannot become so. */
  readonly notes: readonly string[];
}

/**
 * Looks for the manifests that exports left beside their outputs: beside the file, or beside the
 * folder where one holds several streams. A file without one is fine.
 */
export async function lookAtInputs(files: readonly string[]): Promise<Inputs> {
  const streams = new Set<string>();
  const notes = new Set<string>();
  for (const file of files) {
    const own = await stateOf(file);
    const folder = own ? undefined : await stateOf(dirname(file));
    const output = own ? file : dirname(file);
    const found = own ?? folder;
    if (found?.kind === "manifest") {
      for (const stream of streamsOf(found.manifest, folder && basename(file))) streams.add(stream);
      for (const note of noteOn(output, found.manifest)) notes.add(note);
    } else if (found) notes.add(`the export of ${shortPath(output)} has not ended`);
  }
  return { streams: [...streams], notes: [...notes] };
}

/** It serves no more than this, so one that cannot be read is no reason to stop. */
async function stateOf(output: string) {
  return await stateIfThere(`${output}.decant`).catch(() => undefined);
}

/** In a folder, files are named by stream and, of later runs, by run, which begins with a digit. */
function streamsOf({ streams }: Manifest, name: string | undefined): readonly string[] {
  const names = Object.keys(streams);
  if (name === undefined) return names;
  const stem = name.replace(/(-\d{8}T[\w-]*)?\.(ndjson|json)(\.gz)?$/, "");
  return names.filter((stream) => stream === stem);
}

function noteOn(output: string, { status }: Manifest): readonly string[] {
  if (status === "complete") return [];
  const how = status === "limit" ? "ended at a limit" : "is not whole itself";
  return [`${shortPath(output)} ${how}, see its manifest`];
}
