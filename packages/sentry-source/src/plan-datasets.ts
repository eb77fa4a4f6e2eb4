import type { Slice } from "@decant/core";
import { type Dataset, datasets } from "./dataset-streams.ts";
import type { Server } from "./server.ts";
import { eventsSlice, type Filter, type ProjectRef } from "./slice-args.ts";
import type { Window } from "./window.ts";

/** Of what server, projects and time. */
export interface DatasetsContext {
  readonly server: Server;
  readonly projects: readonly ProjectRef[];
  /** Without what an earlier run had. */
  readonly window: Window;
  readonly filter: Filter;
  /** Whether the user named the streams, so that it is an error when one cannot be read. */
  readonly asked: boolean;
}

/**
 * Makes the slices of streams that are read in windows of time: one for each project, since not all
 * servers list several together. It asks nothing: a slice is counted when it has more than a page.
 */
export function planDatasets(names: readonly Dataset[], context: DatasetsContext): Slice[] {
  const { projects, ...common } = context;
  return names.flatMap((dataset) =>
    projects.map((project) =>
      eventsSlice({
        ...{ ...common, kind: "events", dataset, project },
        bounds: datasets[dataset].paging === "time" ? "server" : "created",
        ...{ whole: true, counted: false },
      }),
    ),
  );
}

/** Whether a stream is one of them. */
export function isDataset(name: string): name is Dataset {
  return Object.hasOwn(datasets, name);
}
