import type { End, TimeRange } from "@decant/core";
import type { Manifest, Series, SliceReport } from "./manifest.ts";
import { nameSome } from "./name-some.ts";

/** What {@linkcode explain} looks at. */
type Facts = Pick<Manifest, "slices" | "streams" | "matches"> & {
  readonly series: Series | undefined;
  readonly range: TimeRange;
};

/** Says in sentences what is not as it was asked for. */
export function explain({ slices, streams, matches = {}, series, range }: Facts): string[] {
  return [
    ...explainEnds(slices),
    ...nameReread(slices),
    ...Object.entries(streams)
      .filter(([, { hollow }]) => hollow > 0)
      .map(
        ([name, { hollow }]) =>
          `${name}: hollow rows, of which the server has lost most: ${hollow}`,
      ),
    ...nameMissed(slices, series),
    ...nameGap(series, range),
    ...(series?.shortened
      ? [
          `looked back to ${series.after} only: of rows from before it is not held which were written`,
        ]
      : []),
    // A path with a slip of the pen must not leave in the output what it was to take out.
    ...Object.entries(matches)
      .filter(([, count]) => count === 0)
      .map(([name]) => `${name}: no row has that`),
  ];
}

/** Whether a slice could not be read, though nothing is wrong with the export. */
export function isUnread(end: End | undefined): boolean {
  return end?.why === "denied" || end?.why === "absent";
}

/** What can be read now, and could not be before: of that the older part is missing. */
function nameMissed(slices: readonly SliceReport[], series: Series | undefined): string[] {
  const { after, unread = [] } = series ?? {};
  if (after === undefined) return [];
  return unread
    .map((name) => ({ name, own: slices.filter(({ stream }) => stream === name) }))
    .filter(({ own }) => own.length > 0 && !own.some(({ end }) => isUnread(end)))
    .map(
      ({ name }) =>
        `${name}: an earlier run could not read it all: what is older than ${after} is missing`,
    );
}

/** A range that begins later than the last run ended leaves something out. */
function nameGap(series: Series | undefined, { from }: TimeRange): string[] {
  const { covered } = series ?? {};
  if (covered === undefined || from === undefined) return [];
  if (Date.parse(from) <= Date.parse(covered)) return [];
  return [
    `what lies between ${covered} and ${from} is missing: the range begins behind the last run`,
  ];
}

function nameReread(slices: readonly SliceReport[]): string[] {
  const keys = slices.filter(({ differed }) => differed).map(({ key }) => key);
  if (keys.length === 0) return [];
  return [`read again, as what came differed: ${nameSome(keys)}`];
}

/** Of one stream, so many parts that ended alike are named one by one; what is missing, rather more. */
const mostAlike = { plain: 3, missing: 20 };

function explainEnds(slices: readonly SliceReport[]): string[] {
  const told = slices.filter(({ end }) => end && (end.detail || !isPlain(end)));
  const alike = Map.groupBy(told, ({ stream, end }) => `${stream} ${end?.why}`);
  return [...alike.values()].flatMap((some) => {
    const missing = ["hole", "gone"].includes(some[0]?.end?.why ?? "");
    const most = mostAlike[missing ? "missing" : "plain"];
    return some.length > most ? [explainTogether(some)] : some.map(explainEnd);
  });
}

function isPlain({ why }: End): boolean {
  return why === "complete" || why === "split";
}

function explainEnd({ key, end }: SliceReport): string {
  const why = end && !isPlain(end) ? [end.why] : [];
  return [key, ...why, ...(end?.detail ? [end.detail] : [])].join(": ");
}

function explainTogether(some: readonly SliceReport[]): string {
  const [{ stream, end } = {}] = some;
  const why = end && !isPlain(end) ? `${end.why} in ` : "";
  const keys = nameSome(
    some.map(({ key }) => key),
    mostAlike.plain,
  );
  const details = new Set(some.map((slice) => slice.end?.detail));
  const detail = end?.detail ? `: ${details.size > 1 ? "such as " : ""}${end.detail}` : "";
  return `${stream}: ${why}${some.length} parts (${keys})${detail}`;
}
