import type { Manifest, Series, SliceReport } from "./manifest.ts";

/** So many slices are named; of more it is said how many there are. */
const namesAtMost = 20;

/** What {@linkcode explain} looks at. */
type Facts = Pick<Manifest, "slices" | "streams" | "matches"> & {
  readonly series: Series | undefined;
};

/** Says in sentences what is not as it was asked for. */
export function explain({ slices, streams, matches = {}, series }: Facts): string[] {
  return [
    ...slices.flatMap(explainEnd),
    ...nameReread(slices),
    ...Object.entries(streams)
      .filter(([, { hollow }]) => hollow > 0)
      .map(
        ([name, { hollow }]) =>
          `${name}: hollow rows, of which the server has lost most: ${hollow}`,
      ),
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

function nameReread(slices: readonly SliceReport[]): string[] {
  const keys = slices.filter(({ differed }) => differed).map(({ key }) => key);
  if (keys.length === 0) return [];
  const more = keys.length - namesAtMost;
  const names = keys.slice(0, namesAtMost).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return [`read again, as what came differed: ${names}`];
}

function explainEnd({ key, end }: SliceReport): string[] {
  if (!end) return [];
  const detail = end.detail ? `: ${end.detail}` : "";
  if (end.why === "complete" || end.why === "split") return detail ? [`${key}${detail}`] : [];
  return [`${key}: ${end.why}${detail}`];
}
