import { firstIndex, insertSorted } from "./event-order.ts";
import type { EventRange } from "./offset-page.ts";
import { hash32, hex } from "./random.ts";
import type { DatasetName } from "./sentry-options.ts";
import type { TimeBounds } from "./time-bounds.ts";

/** The rows of one dataset. A row is a serial number; what it says is made on demand. */
export interface DatasetTable {
  /** In milliseconds since 1970. */
  timeOf(serial: number): number;
  /** The index of the project that it belongs to. */
  projectOf(serial: number): number;
  /** 32 hex digits. */
  idOf(serial: number): string;
  /** The row with this id; dashes do not count. */
  find(id: string): number | undefined;
  /** What lies within bounds, newest first, of the projects with these indexes. */
  range(bounds: TimeBounds, projects: readonly number[]): EventRange;
  /** Lets rows arrive, at this time. */
  add(count: number, at: { readonly time: number; readonly project: number }): void;
}

/** How a table is made. */
export interface DatasetOptions {
  readonly name: DatasetName;
  readonly seed: number;
  readonly rows: number;
  readonly projects: number;
  /** The time of the newest row, in milliseconds since 1970. */
  readonly newest: number;
}

const spanMs = 30 * 86_400_000;
/** This many rows at a time lie close together, in much less than a second. */
const burst = 64;

/** How exact times are, in milliseconds: what is nearer than that shares one. */
const exactness: Readonly<Record<DatasetName, number>> = {
  ...{ transactions: 1_000, replays: 1_000, spans: 20, logs: 20 },
};

/** Makes a table: over 30 days, each fourth burst within a second, so that times are often shared. */
export function createDatasetTable(options: DatasetOptions): DatasetTable {
  const { rows, newest } = options;
  const exact = exactness[options.name];
  const seed = options.seed ^ hash32(options.name.length, options.name.charCodeAt(0));
  const times: number[] = [];
  const owners: number[] = [];
  const lists = new Map<string, number[]>();
  const serials = new Map<string, number>();
  const spread = spanMs / Math.max(1, Math.ceil(rows / burst));
  for (let i = 0; i < rows; i++) {
    const nth = Math.floor(i / burst);
    const step = nth % 4 === 0 ? Math.min(5, spread / burst) : spread / burst;
    const time = newest - nth * spread - (i % burst) * step;
    times.push(Math.floor(time / exact) * exact);
    owners.push(hash32(seed, i) % options.projects);
  }
  const idOf = (serial: number) => hex(seed, serial, 32);
  const timeOf = (serial: number) => times[serial]!;
  const newerFirst = (a: number, b: number) => timeOf(b) - timeOf(a) || a - b;
  const listOf = (projects: readonly number[]) => {
    const key = projects.join();
    let list = lists.get(key);
    if (!list) {
      list = [...times.keys()].filter((serial) => projects.includes(owners[serial]!));
      lists.set(key, list.sort(newerFirst));
    }
    return list;
  };
  return {
    timeOf,
    projectOf: (serial) => owners[serial]!,
    idOf,
    find(id) {
      for (let serial = serials.size; serial < times.length; serial++) {
        serials.set(idOf(serial), serial);
      }
      return serials.get(id.replaceAll("-", ""));
    },
    range({ from, to }, projects) {
      const list = listOf(projects);
      return {
        list,
        from: firstIndex(list, (serial) => timeOf(serial) < to),
        to: firstIndex(list, (serial) => timeOf(serial) < from),
      };
    },
    add(count, { time, project }) {
      const added = Array.from({ length: count }, () => {
        owners.push(project);
        return times.push(time) - 1;
      });
      for (const [key, list] of lists) {
        if (key.split(",").includes(String(project))) insertSorted(list, added, newerFirst);
      }
    },
  };
}
