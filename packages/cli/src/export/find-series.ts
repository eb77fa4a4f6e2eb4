import { resolve } from "node:path";
import type { Series } from "@decant/pipeline";
import { outputKind } from "./output-kind.ts";
import { stateIfThere } from "./state-if-there.ts";

/** The flags that may name a state. */
interface StateFlags {
  readonly state?: string | undefined;
  readonly output?: string | undefined;
}

/** Finds the series of runs that the named state or output belongs to, if it belongs to one. */
export async function findSeries({ state, output }: StateFlags): Promise<Series | undefined> {
  const named = state ?? (await beside(output));
  // What is wrong with it is said where it is used.
  const found = named === undefined ? undefined : await stateIfThere(named).catch(() => undefined);
  return found?.kind === "journal" ? found.series : found?.manifest.series;
}

async function beside(output: string | undefined): Promise<string | undefined> {
  if (output === undefined || (await outputKind(output)) !== "file") return undefined;
  return `${resolve(output)}.decant`;
}
