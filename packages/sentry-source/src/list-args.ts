import { type Json, pickPath, type Slice } from "@decant/core";
import { type JsonObject, textOf } from "./parse-json.ts";
import type { Server } from "./server.ts";
import type { Filter, IssueRef, ProjectRef } from "./slice-args.ts";
import { childrenOf, entryOf, within } from "./stream-table.ts";
import type { Window } from "./window.ts";

/** A list of rows, or one row, below one parent. */
export type ListArgs = {
  readonly kind: "list";
  readonly stream: string;
  /** What is wanted of it and of what lies below it. Rows that nobody wants are only looked at. */
  readonly streams: readonly string[];
  readonly server: Server;
  readonly window: Window;
  readonly filter: Filter;
  /** The projects that lists of the whole organisation are narrowed to. None: all. */
  readonly projects: readonly string[];
  readonly project?: ProjectRef;
  readonly issue?: IssueRef;
  /** The ids of what it lies below, as rows and paths call them. */
  readonly parents: Readonly<Record<string, string>>;
  /** Whether the user named its stream, so that it is an error when the server has none. */
  readonly asked: boolean;
  /** Whether the user named what it lies below, so that it is one when the token may not read it. */
  readonly chosen: boolean;
  /** What to say of it when it is complete. */
  readonly note?: string;
};

/** Makes the slice of a list. A part of a range that was cut gets a key of its own. */
export function listSlice(args: ListArgs, part = ""): Slice {
  const { stream, streams, parents, project } = args;
  const { projectId = [], ...below } = parents;
  const place = project ? project.slug : projectId;
  return {
    key: [stream, place, Object.values(below)].flat().map(encodeURIComponent).join("/") + part,
    stream: streams.includes(stream) ? stream : (streams[0] ?? stream),
    lane: stream,
    dedupe: entryOf(stream).paging === "offset" ? "slice" : "page",
    args: args satisfies Json,
  };
}

/** Makes the slices of what lies below a row. */
export function childSlices(args: ListArgs, row: JsonObject): Slice[] {
  const { key, name } = entryOf(args.stream);
  const id = key && textOf(pickPath(row, key.paths));
  if (key === undefined || id === undefined) return [];
  return childrenOf(name).flatMap((child) => {
    if (child.paging === "time") return [];
    const streams = within(child.name, args.streams);
    if (streams.length === 0) return [];
    const parents = { ...args.parents, [key.name]: id };
    return [listSlice({ ...args, stream: child.name, streams, parents })];
  });
}
