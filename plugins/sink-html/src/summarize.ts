import type { SinkOpenOptions, Stream } from "@decant/core";
import { type Counter, createCounter } from "./create-counter.ts";
import { createDistinct } from "./create-distinct.ts";
import { createSample, type Sample } from "./create-sample.ts";
import { createTags } from "./create-tags.ts";
import { createTimeline } from "./create-timeline.ts";
import { createIssueNotes } from "./issue-notes.ts";
import { type FindFacts, planFacts } from "./plan-facts.ts";
import type { Facts, Report, StreamSummary, Top } from "./report.ts";
import type { SpooledRow } from "./spool.ts";

/** All that a page is made of. */
export interface Summary {
  readonly report: Report;
  /** The rows that are shown in full, of each stream of the report. */
  readonly rows: readonly (readonly Uint8Array[])[];
}

/** So many values are counted exactly. */
const mostValues = 10_000;
const mostUsers = 50_000;
const topLength = 100;

/** Reads all rows once and keeps counts, and the newest rows: memory does not grow with the rows. */
export async function summarize(
  rows: AsyncIterable<SpooledRow>,
  options: SinkOpenOptions,
): Promise<Summary> {
  const { streams, run } = options;
  const main = streams.find(({ name }) => name === "events") ?? streams[0];
  const readers = new Map(
    streams.map((stream) => [stream.name, createReader(stream, sampleSize(stream, main, options))]),
  );
  const overview = createOverview();
  const notes = createIssueNotes();
  for await (const row of rows) {
    const { value, facts } = readers.get(row.stream)!.read(row);
    if (row.stream === main?.name) overview.add(value, facts);
    else if (row.stream === "issues") notes.add(value);
  }
  const own = options.options["title"];
  const title =
    typeof own === "string" && own !== "" ? own : `Report of ${main?.name ?? "nothing"}`;
  const shown = [...readers.values()].map(({ sample }) => sample.rows());
  const counts = [...readers.values()].map(({ summary }, index) => ({
    ...summary(),
    shown: shown[index]!.length,
  }));
  const { issues, ...rest } = overview.result();
  const top = issues.top.map((entry) => notes.annotate(entry));
  const report = { title, run, main: main?.name ?? "", streams: counts, ...rest };
  return { report: { ...report, issues: { ...issues, top } }, rows: shown };
}

/** The main stream gets most of the room; the others share the rest. */
function sampleSize(
  stream: Stream,
  main: Stream | undefined,
  { streams, options }: SinkOpenOptions,
): { readonly rows: number; readonly bytes: number } {
  const bytes = Number(options["megabytes"] ?? 8) * 1e6;
  const rest = streams.length - 1;
  const share = stream === main ? (rest > 0 ? 0.75 : 1) : 0.25 / rest;
  return { rows: Number(options["events"] ?? 5_000), bytes: bytes * share };
}

interface Reader {
  readonly sample: Sample;
  /** Takes a row in. A value of `undefined` is no JSON that can be looked at. */
  read(row: SpooledRow): { readonly value: unknown; readonly facts: Facts };
  summary(): Omit<StreamSummary, "shown">;
}

function createReader(stream: Stream, most: { rows: number; bytes: number }): Reader {
  const findFacts: FindFacts = planFacts(stream);
  const sample = createSample(most);
  let rows = 0;
  let unreadable = 0;
  let from: string | undefined;
  let to: string | undefined;
  return {
    sample,
    read({ id, time, json }) {
      rows += 1;
      const value = parse(json);
      if (value === undefined) unreadable += 1;
      const facts = findFacts(value, time);
      sample.add({ id, facts, json });
      if (facts.time !== undefined) {
        if (from === undefined || facts.time < from) from = facts.time;
        if (to === undefined || facts.time > to) to = facts.time;
      }
      return { value, facts };
    },
    summary: () => ({
      ...{ name: stream.name, rows, unreadable },
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    }),
  };
}

type Overview = Pick<
  Report,
  "environments" | "issues" | "releases" | "tags" | "timeline" | "users"
>;

function createOverview(): { add(value: unknown, facts: Facts): void; result(): Overview } {
  const timeline = createTimeline();
  const issues = createCounter(mostValues);
  const releases = createCounter(mostValues);
  const environments = createCounter(mostValues);
  const users = createDistinct(mostUsers);
  const tags = createTags();
  return {
    add(value, facts) {
      const { time, level, title, user } = facts;
      timeline.add(time, level);
      const issue = facts.issue ?? title;
      const label = title !== undefined && { label: title };
      if (issue !== undefined) {
        issues.add(issue, { ...label, ...(level && { level }), ...(time && { last: time }) });
      }
      count(releases, facts.release, time);
      count(environments, facts.environment, time);
      if (user !== undefined) users.add(user);
      tags.add(value);
    },
    result: () => ({
      timeline: timeline.result(),
      issues: issues.top(topLength),
      releases: topOf(releases),
      environments: topOf(environments),
      users: users.estimate(),
      tags: tags.result(),
    }),
  };
}

function count(counter: Counter, value: string | undefined, time: string | undefined): void {
  if (value !== undefined) counter.add(value, { ...(time !== undefined && { last: time }) });
}

function topOf(counter: Counter): Top {
  return counter.top(topLength);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Not JSON: it is counted, and shown as the text that it is.
    return undefined;
  }
}
