import type { Manifest, SliceReport } from "@decant/pipeline";
import { sentryStreams } from "@decant/sentry-source";
import { formatCount } from "../text/format-count.ts";
import type { SentryJobOptions } from "./sentry-job.ts";

/** Why a stream was not read, in the words of a summary. */
const reasons = {
  denied: "The token may not read",
  absent: "The server does not have",
} as const;

/** Says in a line how far an export is proved. */
export function describeProof({ rows, hollow, proof }: Manifest): string {
  const { confirmed, reread, holes, gone } = proof;
  const parts = [
    `${formatCount(confirmed.rows)} of ${formatCount(rows)} rows confirmed by the server's own count`,
    `${count(reread, "slice")} read again`,
    count(holes, "hole"),
    ...(gone > 0 ? [`${count(gone, "slice")} deleted meanwhile`] : []),
    count(hollow, "hollow row"),
  ];
  return `Proof: ${parts.join(", ")}`;
}

/**
 * Names the streams that were not read, and how often where only some of their slices were not. Those
 * whose rows belong to rows of such a stream were not even found.
 */
export function describeUnread({
  slices,
  job,
}: Pick<Manifest, "slices" | "job">): readonly string[] {
  return Object.entries(reasons).flatMap(([why, reason]) => {
    const unread = Map.groupBy(
      slices.filter(({ end }) => end?.why === why),
      ({ stream }) => stream,
    );
    const names = [...unread].map(([stream, some]) => nameStream(stream, some.length, slices));
    names.push(...namesBelow([...unread.keys()], { slices, job }));
    return names.length > 0 ? [`${reason} ${names.join(", ")}`] : [];
  });
}

/** Whether a note of a manifest tells what {@linkcode describeUnread} names. */
export function isUnreadNote(note: string): boolean {
  return /^.*?: (denied|absent)($|: | in \d)/.test(note);
}

function namesBelow(
  unread: readonly string[],
  { slices, job: { source } }: Pick<Manifest, "slices" | "job">,
): readonly string[] {
  if (source.name !== "sentry") return [];
  const { streams = ["events"] } = (source.options ?? {}) as Partial<SentryJobOptions>;
  const found = new Set(slices.map(({ stream }) => stream));
  return sentryStreams
    .filter(({ parents }) => parents.some((parent) => unread.includes(parent)))
    .map(({ name }) => name)
    .filter((name) => (streams === "all" || streams.includes(name)) && !found.has(name));
}

function nameStream(stream: string, unread: number, slices: readonly SliceReport[]): string {
  const all = slices.filter((slice) => slice.stream === stream).length;
  return unread === all ? stream : `${stream} (${unread} of ${all} parts)`;
}

function count(number: number, what: string): string {
  return `${number === 0 ? "no" : formatCount(number)} ${what}${number === 1 ? "" : "s"}`;
}
