import type { Scene } from "./call.ts";
import { listEntry } from "./list-table.ts";
import type { DatasetName } from "./sentry-options.ts";
import type { AddRowsOptions } from "./sentry-simulator.ts";
import type { StreamName } from "./stream-name.ts";

const datasets: readonly string[] = ["transactions", "spans", "logs", "replays"];

/** Lets rows appear: in a dataset at a time, in the lists of a stream at their heads. */
export function addRows(
  { world, settings }: Scene,
  { stream, count, ...options }: { stream: StreamName; count: number } & AddRowsOptions,
): void {
  const { time = settings.now(), parents = {} } = options;
  if (datasets.includes(stream)) {
    const slug = parents["project"] ?? world.projects[0]?.slug;
    const project = world.projects.findIndex((one) => one.slug === slug);
    if (project < 0) throw new Error(`Cannot find the project "${slug}": the simulator has none`);
    world.dataset(stream as DatasetName).add(count, { time, project });
    return;
  }
  const entry = listEntry(stream);
  if (!entry || entry.paging === "one") {
    throw new Error(`Cannot add rows to "${stream}": only lists and datasets take them`);
  }
  const places = [...world.lists.places(entry)].filter((place) =>
    Object.entries(parents).every(([name, value]) => place.parents[name] === value),
  );
  if (places.length === 0) {
    throw new Error(`Cannot add rows to "${stream}": nothing there has ${JSON.stringify(parents)}`);
  }
  for (const place of places) {
    for (let i = 0; i < count; i++) world.lists.add(entry, place);
  }
}
