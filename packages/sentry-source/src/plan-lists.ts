import type { Slice } from "@decant/core";
import { type ListArgs, listSlice } from "./list-args.ts";
import { isDataset } from "./plan-datasets.ts";
import type { Server } from "./server.ts";
import type { Filter, ProjectRef } from "./slice-args.ts";
import type { StreamEntry } from "./stream-entry.ts";
import { streamTable, within } from "./stream-table.ts";
import { boundsOf, formatTime, type Window } from "./window.ts";

/** Of what server, projects and time. */
export interface ListsContext {
  readonly server: Server;
  readonly filter: Filter;
  /** All of the range. */
  readonly window: Window;
  /** What of it no earlier run had. */
  readonly fresh: Window;
  /** Whether the range has no start. */
  readonly open: boolean;
  readonly projects: readonly ProjectRef[];
  /** Whether the user named the projects. */
  readonly narrowed: boolean;
  /** Whether the user named the streams. */
  readonly asked: boolean;
}

/** Makes the slices of the lists of an organisation and of its projects. */
export function planLists(streams: readonly string[], context: ListsContext): Slice[] {
  return streamTable
    .filter((entry) => entry.parent === undefined || entry.parent === "projects")
    .filter(({ name }) => name !== "issues" && !isDataset(name))
    .flatMap((entry) => {
      // Projects are known already: what lies below them is planned here.
      const wanted = entry.name === "projects" ? ["projects"] : within(entry.name, streams);
      if (!wanted.some((name) => streams.includes(name))) return [];
      return entry.parent === undefined
        ? planList(entry, wanted, context)
        : context.projects.flatMap((project) => planList(entry, wanted, { ...context, project }));
    });
}

function planList(
  entry: StreamEntry,
  streams: readonly string[],
  context: ListsContext & { readonly project?: ProjectRef },
): Slice[] {
  const { server, filter, project, asked, narrowed } = context;
  const args: ListArgs = {
    ...{ kind: "list", stream: entry.name, streams, server, filter },
    window: entry.byTime ? context.fresh : context.window,
    projects: narrowed ? context.projects.map(({ id, slug }) => id ?? slug) : [],
    ...(project && { project }),
    parents: project ? { projectId: project.id ?? project.slug } : {},
    asked,
    chosen: project === undefined || narrowed,
  };
  const { mostDays } = entry;
  if (mostDays === undefined) return [listSlice(args)];
  const [newest, ...older] = cutDays(args.window, mostDays).map((window) => ({ ...args, window }));
  if (newest === undefined) return [];
  // Servers keep few days of it, and refuse what lies before.
  const note = `the last ${mostDays} days: a range with a start reaches further back`;
  const parts = context.open ? [{ ...newest, note }] : [newest, ...older];
  return parts.map((part) => listSlice(part, `/${part.window.start}/${part.window.end}`));
}

const dayMs = 86_400_000;

/** Cuts a window into parts that the server takes, the newest first. */
function cutDays(window: Window, days: number): Window[] {
  const { start, end } = boundsOf(window);
  const parts: Window[] = [];
  for (let at = end; at > start; at -= days * dayMs) {
    parts.push({ start: formatTime(Math.max(start, at - days * dayMs)), end: formatTime(at) });
  }
  return parts;
}
