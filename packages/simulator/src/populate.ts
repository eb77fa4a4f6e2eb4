import type { Issue, Project } from "./entities.ts";
import type { EventTable } from "./event-table.ts";
import { hash32 } from "./random.ts";
import type { IssueOptions, ProjectOptions } from "./sentry-options.ts";

/** The projects of a simulator that was told nothing. */
export const defaultProjects: readonly ProjectOptions[] = [
  { slug: "web", issues: [{ events: 2_500 }] },
];

/** What there shall be. */
export interface Population {
  readonly seed: number;
  readonly projects: readonly ProjectOptions[];
  /** The present when it is made, in milliseconds since 1970. */
  readonly start: number;
  /**
   * Whether lists are ordered by when an event came, not when it happened. Such a server keeps its
   * events in one place, so that none is hollow.
   */
  readonly byArrival: boolean;
}

/** Makes projects and issues, and puts their events into the table. */
export function populate(
  options: Population,
  table: EventTable,
): { projects: Project[]; issues: Issue[]; hollow: Set<number> } {
  const issues: Issue[] = [];
  const hollow = new Set<number>();
  const projects = options.projects.map(({ slug, issues: wanted }, nth) => {
    const project = { id: String(4_500_000_000_000_001 + nth * 17), slug };
    wanted.forEach((wish, nthIssue) => {
      addIssue(wish, { options, table, project, nth: nthIssue, issues, hollow });
    });
    return project;
  });
  return { projects, issues, hollow };
}

/** Where an issue is put. */
interface IssuePlace {
  readonly options: Population;
  readonly table: EventTable;
  readonly project: Project;
  /** Its place in its project. */
  readonly nth: number;
  readonly issues: Issue[];
  readonly hollow: Set<number>;
}

/** Makes an issue with its events. */
export function addIssue(wish: IssueOptions, place: IssuePlace): Issue {
  const { options, table, project, nth, issues, hollow } = place;
  const issue = makeIssue(wish, { project, nth, total: issues.length, options });
  issues.push(issue);
  addEvents(issue, { wish, options, table, total: issues.length });
  if (wish.hollow && !options.byArrival) {
    for (const serial of issue.events.slice(-wish.hollow)) hollow.add(serial);
  }
  return issue;
}

const day = 86_400;

function makeIssue(
  { events, spanSeconds = 30 * day, status }: IssueOptions,
  from: { project: Project; nth: number; total: number; options: Population },
): Issue {
  const { project, nth, total, options } = from;
  return {
    id: String(6_100_000_000 + total * 37),
    shortId: `${project.slug.toUpperCase()}-${nth + 1}`,
    project,
    status: status ?? (nth % 3 === 1 ? "resolved" : "unresolved"),
    firstSeen: (newest(options) - spanSeconds) * 1_000,
    events: [],
    counted: events,
    deleted: false,
  };
}

function addEvents(
  issue: Issue,
  from: { wish: IssueOptions; options: Population; table: EventTable; total: number },
): void {
  const { events, spanSeconds = 30 * day, tieSeconds = 1 } = from.wish;
  for (let i = 0; i < events; i++) {
    const random = hash32(from.options.seed + from.total, i);
    const ago = Math.floor(((i + random / 2 ** 32) / events) * spanSeconds);
    const time = Math.floor((newest(from.options) - ago) / tieSeconds) * tieSeconds * 1_000;
    // A little late, as the network has it; the millisecond survives in dateReceived only.
    issue.events.push(from.table.append(issue, time, time + (random % 4_000)));
  }
  issue.events.sort(from.table.compare);
}

/** The second of the newest event: old enough that ingestion is over. */
function newest({ start }: Population): number {
  return Math.floor(start / 1_000) - 300;
}
