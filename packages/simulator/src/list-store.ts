import type { DatasetTable } from "./dataset-table.ts";
import type { Issue, Project } from "./entities.ts";
import type { EventTable } from "./event-table.ts";
import type { JsonInput } from "./json-text.ts";
import type { ListEntry, RowOrigin } from "./list-entry.ts";
import { listEntry } from "./list-table.ts";
import { hash32, hashText } from "./random.ts";
import type { StreamName } from "./stream-name.ts";

/** A row of a list. */
export interface ListedRow {
  readonly id: string;
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly project: Project | undefined;
  readonly value: JsonInput;
}

/** Which of the lists of one kind: what its path names below the organisation. */
export interface ListPlace {
  readonly project?: Project | undefined;
  readonly issue?: Issue | undefined;
  /** By the names of the parameters. */
  readonly parents: Readonly<Record<string, string>>;
}

/** All lists. Each is made when it is first asked for, and kept. */
export interface ListStore {
  /** The rows of one list, newest first. */
  rows(entry: ListEntry, place: ListPlace): ListedRow[];
  /** Where a list of this kind is. */
  places(entry: ListEntry): Iterable<ListPlace>;
  /** Lets a row appear at the head of a list, and returns its id. */
  add(entry: ListEntry, place: ListPlace): string;
}

/** What lists are made from. */
export interface ListOptions {
  readonly seed: number;
  readonly org: string;
  /** The present when they are made, in milliseconds since 1970. */
  readonly start: number;
  readonly lists: Readonly<Partial<Record<StreamName, number>>>;
  readonly projects: readonly Project[];
  readonly issues: readonly Issue[];
  readonly table: Pick<EventTable, "id">;
  readonly replays: () => DatasetTable;
}

const hourMs = 3_600_000;

/** Makes the lists. */
export function createListStore(options: ListOptions): ListStore {
  const kept = new Map<string, ListedRow[]>();
  const added = new Map<string, number>();
  const keyOf = ({ stream }: ListEntry, { parents }: ListPlace) =>
    `${stream} ${JSON.stringify(parents)}`;
  const make = (entry: ListEntry, from: RowOrigin): ListedRow => {
    const value = entry.make(from);
    const { ofProject } = entry;
    const id = memberOf(value, entry.id ?? "id") ?? String(from.nth);
    return { id, value, time: from.time, project: ofProject ? from.project : undefined };
  };
  return {
    rows(entry, place) {
      const key = keyOf(entry, place);
      let rows = kept.get(key);
      if (!rows) {
        const origin = originOf(options, { key, place });
        const { stream, rows: usual } = entry;
        const count =
          options.lists[stream] ?? (typeof usual === "number" ? usual : usual(origin(0)));
        rows = Array.from({ length: count }, (_, nth) => make(entry, origin(nth)));
        kept.set(key, rows);
      }
      return rows;
    },
    *places(entry) {
      yield* placesOf(entry, { options, store: this });
    },
    add(entry, place) {
      const rows = this.rows(entry, place);
      const key = keyOf(entry, place);
      const nth = (added.get(key) ?? 0) + 1;
      added.set(key, nth);
      // From the end of the thousand that the ids of one list have.
      const origin = originOf(options, { key, place })(1_000_000 - nth);
      const row = make(entry, { ...origin, time: options.start + nth });
      rows.unshift(row);
      return row.id;
    },
  };
}

function originOf(
  { seed, org, start, projects, table }: ListOptions,
  { key, place }: { key: string; place: ListPlace },
): (nth: number) => RowOrigin {
  const base = hashText(seed, key);
  const { issue, parents } = place;
  return (nth) => {
    const random = hash32(base, nth);
    const newest = issue?.events[0];
    return {
      ...{ seed, nth, random, org, issue, parents },
      id: String(10_000_000 + (base % 9_000_000) * 1_000_000 + nth),
      // Each third row shares its time with the one before.
      time: start - 300_123 - (nth % 3 === 2 ? nth - 1 : nth) * hourMs,
      project: place.project ?? issue?.project ?? projects[random % projects.length]!,
      event: newest === undefined ? undefined : table.id(newest),
    };
  };
}

/** The member of a row by which something is told; a whole number counts too. */
export function memberOf(value: JsonInput, name: string): string | undefined {
  const member = (value as Readonly<Record<string, JsonInput>> | null)?.[name];
  if (typeof member === "string" || typeof member === "number") return String(member);
  return undefined;
}

/** The name that the last parameter of a path has: what the rows of its parent are called. */
export function lastParameter({ path }: ListEntry): string {
  return [...path.matchAll(/:(\w+)/g)].at(-1)![1]!;
}

function* placesOf(
  entry: ListEntry,
  { options, store }: { options: ListOptions; store: ListStore },
): Generator<ListPlace> {
  const { path, parent } = entry;
  if (parent === "replays") yield* replayPlaces(options);
  const above = parent && listEntry(parent);
  if (above) {
    const name = lastParameter(entry);
    for (const place of placesOf(above, { options, store })) {
      for (const { value } of store.rows(above, place)) {
        const key = memberOf(value, above.key ?? above.id ?? "id")!;
        yield { ...place, parents: { ...place.parents, [name]: key } };
      }
    }
  } else if (path.includes("/:issue/")) {
    for (const issue of options.issues) {
      if (!issue.deleted && !issue.mergedInto) yield { issue, parents: { issue: issue.id } };
    }
  } else if (parent === undefined && path.includes("/:project/")) {
    for (const project of options.projects) yield { project, parents: { project: project.slug } };
  } else if (parent === undefined) {
    yield { parents: {} };
  }
}

function* replayPlaces({ projects, replays }: ListOptions): Generator<ListPlace> {
  const table = replays();
  const all = table.range({ from: 0, to: Number.POSITIVE_INFINITY }, [...projects.keys()]);
  for (const serial of all.list) {
    const project = projects[table.projectOf(serial)]!;
    yield { project, parents: { project: project.slug, replay: table.idOf(serial) } };
  }
}
