import type { Slice } from "@decant/core";
import { countEvents } from "./count-events.ts";
import type { AskPages, Client } from "./create-client.ts";
import { datasets } from "./dataset-streams.ts";
import { eventsRequest } from "./event-pages.ts";
import type { ListArgs } from "./list-args.ts";
import { listRequest } from "./list-request.ts";
import { isObject } from "./parse-json.ts";
import { type Probe, probePage } from "./probe-page.ts";
import { issueListRequest } from "./read-issue-list.ts";
import { toIssue } from "./resolve-issue.ts";
import { kinds } from "./server.ts";
import { type EventsArgs, eventsSlice, type IssueListArgs, readArgs } from "./slice-args.ts";
import { childrenOf, entryOf } from "./stream-table.ts";

/** What reading a part of a stream takes, as far as that can be told. */
export interface Cost {
  readonly stream: string;
  readonly lane: string;
  readonly rows?: number | undefined;
  readonly requests?: number | undefined;
}

/** Asks what costs depend on, and remembers how that went. */
export interface Survey {
  readonly client: Client;
  readonly signal: AbortSignal;
  /** How many full events the server puts on a page, by its kind. */
  readonly pageRows: Map<string, number>;
  /** Hears of each page that was asked for. */
  note(lane: string, probe: Probe<unknown>): void;
}

/** As pages of full events were seen to be: Sentry 10, others 100. */
const pageRows = { sentry: 10, glitchtip: 100 } as const;

/** Estimates what one slice takes, and what it will spawn. */
export async function estimateSlice(slice: Slice, survey: Survey): Promise<readonly Cost[]> {
  const args = readArgs(slice);
  if (args.kind === "merges") return [];
  if (args.kind === "list") return estimateList(args, survey);
  if (args.kind === "issues") return estimateIssues(args, survey);
  return args.dataset ? estimateDataset(args, survey) : [await estimateEvents(args, survey)];
}

async function look<T>(ask: AskPages<T>, { client, note }: Survey): Promise<Probe<T>> {
  const probe = await probePage(client, ask);
  note(ask.lane, probe);
  return probe;
}

async function estimateEvents(args: EventsArgs, survey: Survey): Promise<Cost> {
  const { client, signal } = survey;
  const { stream, lane } = eventsSlice(args);
  const count = args.expected === undefined ? await countEvents(client, args, signal) : undefined;
  const counted = typeof count === "object" ? count.rows : count === "outside" ? 0 : args.expected;
  const probe = await look(eventsRequest(args, { signal }), survey);
  const { length } = probe.value.events;
  if (probe.more && length > 0) survey.pageRows.set(args.server.kind, length);
  const rows = probe.more ? (counted ?? probe.hits) : length;
  return { stream, lane, rows, requests: requestsFor(rows, args, survey) };
}

/** Pages, and for many rows the counts by which they are cut apart. */
function requestsFor(
  rows: number | undefined,
  { dataset, server }: Pick<EventsArgs, "dataset" | "server">,
  survey: Survey,
): number | undefined {
  if (rows === undefined) return undefined;
  const size = dataset
    ? Number(datasets[dataset].params?.["per_page"] ?? 100)
    : (survey.pageRows.get(server.kind) ?? pageRows[server.kind]);
  return Math.max(1, Math.ceil(rows / size)) + 2 * Math.floor(rows / 1_000);
}

async function estimateDataset(args: EventsArgs, survey: Survey): Promise<readonly Cost[]> {
  const { dataset = "spans", streams = [dataset] } = args;
  const own = await estimateEvents(args, survey);
  const below = streams.filter((name) => name !== dataset);
  const costs = below.map((stream) => ({ stream, lane: stream, requests: own.rows }));
  return streams.includes(dataset) ? [own, ...costs] : costs;
}

/** A project is read issue by issue: each takes a page at least. */
async function estimateIssues(args: IssueListArgs, survey: Survey): Promise<readonly Cost[]> {
  const probe = await look(issueListRequest(args, { signal: survey.signal }), survey);
  const { length } = probe.value;
  const issues = probe.more ? Math.max(probe.hits ?? 0, length + 1) : length;
  const passes = 2 * Math.max(1, Math.ceil(issues / 100));
  const known = probe.more && probe.hits === undefined ? undefined : issues;
  return Promise.all(
    args.streams.map(async (stream) => {
      if (stream === "issues") return { stream, lane: stream, rows: known, requests: passes };
      if (stream === "events") return estimateIssueEvents(args, { probe, issues, survey });
      const direct = entryOf(stream).parent === "issues";
      return { stream, lane: stream, requests: direct ? issues : undefined };
    }),
  );
}

interface IssuesFound {
  readonly probe: Awaited<ReturnType<typeof probePage<readonly { value(): unknown }[]>>>;
  readonly issues: number;
  readonly survey: Survey;
}

async function estimateIssueEvents(
  args: IssueListArgs,
  { probe, issues, survey }: IssuesFound,
): Promise<Cost> {
  const { server, window, filter, project } = args;
  const { bounds } = kinds[server.kind];
  const events: EventsArgs = {
    ...{ kind: "events", server, window, filter, project, bounds },
    ...{ asked: false, whole: true, counted: false },
  };
  await findPageRows(events, { probe, issues, survey });
  const count = await countEvents(survey.client, events, survey.signal);
  const rows = count === "outside" ? 0 : count === "unknown" ? undefined : count.rows;
  const pages = requestsFor(rows, events, survey);
  const lists = 2 * Math.max(1, Math.ceil(issues / 100));
  const requests = pages === undefined ? undefined : lists + issues + pages;
  return { stream: "events", lane: "issue-events", rows, requests };
}

/** Looks at a page of the issue with most events: a full one tells how many rows pages have. */
async function findPageRows(args: EventsArgs, { probe, survey }: IssuesFound): Promise<void> {
  if (survey.pageRows.has(args.server.kind)) return;
  const values = probe.value.map((row) => row.value()).filter(isObject);
  const [largest] = values.sort((a, b) => Number(b["count"]) - Number(a["count"]));
  if (largest === undefined) return;
  const { issue } = toIssue(largest);
  const page = await look(eventsRequest({ ...args, issue }, { signal: survey.signal }), survey);
  if (page.more) survey.pageRows.set(args.server.kind, page.value.events.length);
}

async function estimateList(args: ListArgs, survey: Survey): Promise<readonly Cost[]> {
  const { stream, streams } = args;
  if (stream === "issues")
    return streams.map((name) => ({ stream: name, lane: name, requests: 1 }));
  const entry = entryOf(stream);
  const probe = await look(listRequest(entry, args, survey.signal), survey);
  const { length } = probe.value;
  const rows = probe.more ? probe.hits : length;
  // What may have moved from page to page is read again.
  const passes = probe.more && entry.paging === "offset" ? 2 : 1;
  const requests =
    rows === undefined ? undefined : passes * Math.max(1, Math.ceil(rows / Math.max(1, length)));
  const direct = new Set(childrenOf(stream).map(({ name }) => name));
  return streams.map((name) =>
    name === stream
      ? { stream, lane: stream, rows, requests }
      : { stream: name, lane: name, requests: direct.has(name) ? rows : undefined },
  );
}
