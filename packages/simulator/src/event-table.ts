import type { HoleValues } from "./byte-template.ts";
import type { Issue } from "./entities.ts";
import { eventId } from "./event-id.ts";
import { isoTime } from "./iso-time.ts";

/** What is kept of every event: two times and the issue. The serial number is the index. */
export interface EventTable {
  /** What lists are ordered by, in milliseconds: when it happened, or on GlitchTip came. */
  order(serial: number): number;
  received(serial: number): number;
  issueOf(serial: number): Issue | undefined;
  id(serial: number): string;
  /** Newest first; events of one time by id. */
  compare(a: number, b: number): number;
  /** Adds an event and returns its serial number. */
  append(issue: Issue, time: number, received: number): number;
  move(serials: readonly number[], into: Issue): void;
  /** What fills the holes of its row. */
  values(serial: number): HoleValues;
}

/** Makes an empty table. */
export function createEventTable(options: { seed: number; byArrival: boolean }): EventTable {
  const times: number[] = [];
  const received: number[] = [];
  const owners: Issue[] = [];
  const key = options.byArrival ? received : times;
  const id = (serial: number) => eventId(options.seed, serial);
  return {
    id,
    order: (serial) => key[serial]!,
    received: (serial) => received[serial]!,
    issueOf: (serial) => owners[serial],
    compare: (a, b) => key[b]! - key[a]! || (a === b ? 0 : id(a) < id(b) ? 1 : -1),
    append(issue, time, arrival) {
      times.push(Math.floor(time / 1_000) * 1_000);
      received.push(arrival);
      return owners.push(issue) - 1;
    },
    move(serials, into) {
      for (const serial of serials) owners[serial] = into;
    },
    values(serial) {
      const time = times[serial]!;
      return {
        id: id(serial),
        group: owners[serial]!.id,
        project: owners[serial]!.project.id,
        created: isoTime(time),
        received: isoTime(received[serial]!),
        startTimestamp: `${time / 1_000}.25`,
        endTimestamp: `${time / 1_000 + 1}.5`,
      };
    },
  };
}
