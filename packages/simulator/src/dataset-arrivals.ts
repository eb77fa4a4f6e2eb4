import type { Call } from "./call.ts";
import type { DatasetName } from "./sentry-options.ts";

/** What a page's reading gives time for: new rows at the head, late ones in the middle. */
export function arrive(
  { faults, settings, world }: Call,
  { name, serials }: { name: DatasetName; serials: readonly number[] },
): void {
  const { insertBetweenPages = 0, lateBetweenPages = 0 } = faults.settings;
  const table = world.dataset(name);
  const first = serials[0];
  if (first === undefined) return;
  const project = table.projectOf(first);
  if (insertBetweenPages > 0) table.add(insertBetweenPages, { time: settings.now(), project });
  if (lateBetweenPages > 0) table.add(lateBetweenPages, { time: table.timeOf(first), project });
}
