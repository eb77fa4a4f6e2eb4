import { type FilledTemplate, renderRows } from "./byte-template.ts";
import { createDatasetTable, type DatasetTable } from "./dataset-table.ts";
import type { Issue, Project } from "./entities.ts";
import { createEventBodies, type EventBodies, type EventBytes } from "./event-bodies.ts";
import { eventSerial } from "./event-id.ts";
import { firstIndex, insertSorted } from "./event-order.ts";
import type { EventShape } from "./event-shapes.ts";
import { createEventTable, type EventTable } from "./event-table.ts";
import { hollowTemplate } from "./hollow-template.ts";
import { createListStore, type ListOptions, type ListStore } from "./list-store.ts";
import { addIssue, type Population, populate } from "./populate.ts";

import type { DatasetName, IssueOptions } from "./sentry-options.ts";

/** All data of the simulated server. Bodies are made on demand. */
export interface World {
  readonly projects: readonly Project[];
  readonly issues: readonly Issue[];
  readonly bodies: EventBodies;
  readonly table: Omit<EventTable, "append" | "move">;
  /** The serial numbers of events without a body. */
  readonly hollow: ReadonlySet<number>;
  readonly lists: ListStore;
  /** The rows of a dataset, made when it is first asked for. */
  dataset(name: DatasetName): DatasetTable;
  /** The serial number of an event that is there. */
  find(id: string): number | undefined;
  /** The issue with this id or, where it was merged, the one it went into. */
  issue(idOrShortId: string): Issue | undefined;
  projectEvents(project: Project): readonly number[];
  row(serial: number, shape: EventShape): FilledTemplate;
  json(serial: number, shape: EventShape): Uint8Array;
  /** Lets events arrive; times in milliseconds since 1970. */
  add(issue: Issue, count: number, at: { readonly time: number; readonly received: number }): void;
  /** Makes an issue of a project, named by its slug, and its events. */
  addIssue(slug: string, from: { readonly wish: IssueOptions; readonly now: number }): Issue;
  /** Deletes events and returns how many there were. */
  remove(issue: Issue, serials: readonly number[]): number;
  merge(from: Issue, into: Issue): void;
}

/** How a world is made. */
export interface WorldOptions extends Population {
  readonly eventBytes: EventBytes;
  readonly explore: Readonly<Partial<Record<DatasetName, number>>>;
  readonly lists: ListOptions["lists"];
  readonly org: string;
}

/** Makes the data up. */
export function createWorld(options: WorldOptions): World {
  const table = createEventTable(options);
  const { projects, issues, hollow } = populate(options, table);
  const bodies = createEventBodies(options.seed, options.eventBytes);
  const row = (serial: number, shape: EventShape) => ({
    template: hollow.has(serial) ? hollowTemplate(shape) : bodies.template(serial, shape),
    values: { ...bodies.values(serial), ...table.values(serial) },
  });
  const dataset = createDatasets(options, projects.length);
  const { seed, org, start, lists } = options;
  const replays = () => dataset("replays");
  return {
    dataset,
    lists: createListStore({ seed, org, start, lists, projects, issues, table, replays }),
    ...{ projects, issues, bodies, table, hollow, row },
    ...changes(table),
    addIssue(slug, { wish, now }) {
      const project = projects.find((one) => one.slug === slug);
      if (!project) throw new Error(`Cannot find the project "${slug}": the simulator has none`);
      const nth = issues.filter((issue) => issue.project === project).length;
      delete project.events;
      return addIssue(wish, {
        ...{ options: { ...options, start: now }, table, project, nth, issues, hollow },
      });
    },
    find(id) {
      const serial = eventSerial(options.seed, id);
      const list = serial === undefined ? undefined : table.issueOf(serial)?.events;
      if (serial === undefined || !list) return undefined;
      const at = firstIndex(list, (other) => table.compare(other, serial) >= 0);
      return list[at] === serial ? serial : undefined;
    },
    issue(text) {
      let found = issues.find(({ id, shortId }) => id === text || shortId === text.toUpperCase());
      while (found?.mergedInto) found = found.mergedInto;
      return found?.deleted ? undefined : found;
    },
    projectEvents(project) {
      project.events ??= issues
        .filter((issue) => issue.project === project)
        .flatMap((issue) => issue.events)
        .sort(table.compare);
      return project.events;
    },
    json: (serial, shape) => renderRows([row(serial, shape)], false),
  };
}

function createDatasets(
  { seed, explore, start }: WorldOptions,
  projects: number,
): World["dataset"] {
  const tables = new Map<DatasetName, DatasetTable>();
  return (name) => {
    let table = tables.get(name);
    if (!table) {
      const rows = projects && (explore[name] ?? 300);
      table = createDatasetTable({ name, seed, rows, projects, newest: start - 300_000 });
      tables.set(name, table);
    }
    return table;
  };
}

/** What can happen to events once they are there. The lists of projects are made anew if asked for. */
function changes(table: EventTable): Pick<World, "add" | "remove" | "merge"> {
  return {
    add(issue, count, { time, received }) {
      const added = Array.from({ length: count }, () => table.append(issue, time, received));
      issue.counted += count;
      insertSorted(issue.events, added, table.compare);
      if (issue.project.events) insertSorted(issue.project.events, added, table.compare);
    },
    remove(issue, serials) {
      const gone = new Set(serials);
      const left = issue.events.filter((serial) => !gone.has(serial));
      const removed = issue.events.length - left.length;
      issue.events = left;
      delete issue.project.events;
      return removed;
    },
    merge(from, into) {
      table.move(from.events, into);
      into.events = [...into.events, ...from.events].sort(table.compare);
      into.counted += from.counted;
      from.events = [];
      from.mergedInto = into;
      delete from.project.events;
      delete into.project.events;
    },
  };
}
