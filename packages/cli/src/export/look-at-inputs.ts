import type { Manifest } from "@decant/pipeline";
import { shortPath } from "./choose-place.ts";
import { stateIfThere } from "./state-if-there.ts";

/** What the manifests beside files tell of them. */
export interface Inputs {
  /** The one stream that all of them are of. */
  readonly stream?: string;
  /** Lines for the summary: what is not whole cannot become so. */
  readonly notes: readonly string[];
}

/** Looks for the manifests that exports left beside their outputs. A file without one is fine. */
export async function lookAtInputs(files: readonly string[]): Promise<Inputs> {
  const streams = new Set<string>();
  const notes: string[] = [];
  for (const file of files) {
    // It serves no more than this, so one that cannot be read is no reason to stop.
    const found = await stateIfThere(`${file}.decant`).catch(() => undefined);
    if (found?.kind === "manifest") {
      for (const stream of Object.keys(found.manifest.streams)) streams.add(stream);
      notes.push(...noteOn(file, found.manifest));
    } else if (found) notes.push(`the export of ${shortPath(file)} has not ended`);
  }
  const [stream, ...others] = streams;
  return { ...(stream !== undefined && others.length === 0 && { stream }), notes };
}

function noteOn(file: string, { status }: Manifest): readonly string[] {
  if (status === "complete") return [];
  const how = status === "limit" ? "ended at a limit" : "is not whole itself";
  return [`${shortPath(file)} ${how}, see its manifest`];
}
