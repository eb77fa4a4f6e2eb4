import type { Slice } from "@decant/core";
import { type Dataset, datasets } from "./dataset-streams.ts";
import type { Server } from "./server.ts";
import { eventsSlice, type Filter, type ProjectRef } from "./slice-args.ts";
import { within } from "./stream-table.ts";
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
 *
 * @param wanted The names of streams. Those that belong to rows of a dataset are found by reading it.
 */
export function planDatasets(wanted: readonly string[], context: DatasetsContext): Slice[] {
  const { server, filter, window, projects, asked } = context;
  const common = {
    kind: "events",
    server,
    filter,
    window,
    asked,
    whole: true,
    counted: false,
  } as const;
  return datasetNames.flatMap((dataset) => {
    const streams = within(dataset, wanted);
    const bounds = datasets[dataset].paging === "time" ? "server" : "created";
    if (streams.length === 0) return [];
    return projects.map((project) => eventsSlice({ ...common, dataset, streams, project, bounds }));
  });
}

const datasetNames = Object.keys(datasets).filter(isDataset);

/** Whether a stream is one of them. */
export function isDataset(name: string): name is Dataset {
  return Object.hasOwn(datasets, name);
}
