import type { Row } from "@decant/core";
import type { ParsedEvent } from "./parse-events.ts";
import type { EventsArgs } from "./slice-args.ts";
import { boundsOf } from "./window.ts";

/**
 * Picks the rows of a page that lie in the window, where the server does not do that. Lists are
 * ordered by the date that counts, newest first, so a page may be past the window. An event without
 * that date is kept.
 */
export function withinWindow(
  events: readonly ParsedEvent[],
  { bounds, window }: Pick<EventsArgs, "bounds" | "window">,
): { rows: Row[]; past: boolean } {
  if (bounds === "server") return { rows: events.map(({ row }) => row), past: false };
  const { start, end } = boundsOf(window);
  const rows = events
    .filter(({ [bounds]: time }) => time === undefined || (start <= time && time < end))
    .map(({ row }) => row);
  const last = events.at(-1)?.[bounds];
  return { rows, past: last !== undefined && last < start };
}
