import { commandLine } from "../text/command-line.ts";
import { formatCount } from "../text/format-count.ts";
import { formatDuration } from "../text/format-duration.ts";
import { formatTable } from "../text/format-table.ts";
import { shortPath } from "./choose-place.ts";
import type { RunPlan } from "./estimate-run.ts";

type StreamPlan = RunPlan["streams"][number];

/** Says what a run would do. */
export function formatPlan(plan: RunPlan): string {
  const { streams, range, sink, output } = plan;
  const rows = streams.map((one) => [
    one.stream,
    one.slices === 0 ? "later" : formatCount(one.slices),
    about(one.rows),
    about(one.requests),
    one.ms === undefined ? "?" : `~${formatDuration(one.ms)}`,
    one.obstacle ?? "",
  ]);
  const facts = [
    ["range", `${range.from ?? "the beginning"} to ${range.to}${since(range.after)}`],
    ["in all", sum(streams)],
    ["output", `${output === "-" ? "standard output" : shortPath(output)} (${sink})`],
    ["state", `${shortPath(plan.state)}, ${nexts[plan.next](plan)}`],
  ];
  const table = formatTable([["STREAM", "SLICES", "ROWS", "REQUESTS", "TIME", ""], ...rows]);
  return `${table}\n\n${formatTable(facts)}\n\nNothing was exported.`;
}

const nexts: Record<RunPlan["next"], (plan: RunPlan) => string> = {
  first: () => "which is new",
  later: () => "which goes on from the run before",
  resume: ({ state }) =>
    `which is of a run that was cut off: ${commandLine("resume", shortPath(state))}, or --incremental`,
  ended: () => "which is of an export that has ended: --force would replace it",
};

function since(after: string | undefined): string {
  return after === undefined ? "" : `; what never changes, from ${after} on`;
}

function about(count: number | undefined): string {
  return count === undefined ? "?" : `~${formatCount(count)}`;
}

/** Streams are read at the same time where the server lets them, so that the sum is the most. */
function sum(streams: readonly StreamPlan[]): string {
  const total = (key: "rows" | "requests" | "ms") => {
    const known = streams.filter((one) => one[key] !== undefined);
    const amount = known.reduce((all, one) => all + (one[key] ?? 0), 0);
    return { amount, more: known.length < streams.length ? " or more" : "" };
  };
  const rows = total("rows");
  const requests = total("requests");
  const ms = total("ms");
  return [
    `about ${formatCount(rows.amount)}${rows.more} rows`,
    `${formatCount(requests.amount)}${requests.more} requests`,
    `${formatDuration(ms.amount)}${ms.more} one after the other`,
  ].join(", ");
}
