import type { Slice } from "@decant/core";
import type { Count } from "./count-events.ts";
import { type EventsArgs, eventsSlice } from "./slice-args.ts";
import { boundsOf, cutWindow, formatTime, middleOf, type Window } from "./window.ts";

/** Counts the rows of a part of the window. */
export type CountRows = (window: Window) => Promise<Count>;

/**
 * Cuts a slice in two so that both parts hold rows, the newer first. Where the rows lie close
 * together, the cut is found by bisection; what is empty around them stays with the parts, so no
 * time is left unread on the word of a count. Rows that share one second get a slice of their own.
 *
 * @param args The slice, with its count.
 * @param count Counts a part. Where it cannot, the cut is made in the middle.
 */
export async function splitWindow(args: EventsArgs, count: CountRows): Promise<Slice[]> {
  const { expected = 0, window } = args;
  let dense = boundsOf(window);
  while (true) {
    const middle = middleOf({ start: formatTime(dense.start), end: formatTime(dense.end) });
    if (middle === undefined) return isolate(args, dense.start);
    const newer = await count({ start: formatTime(middle), end: formatTime(dense.end) });
    if (typeof newer !== "object") return halves(args, middle);
    if (newer.rows === 0) dense = { start: dense.start, end: middle };
    else if (newer.rows >= expected) dense = { start: middle, end: dense.end };
    else {
      // Not what the whole had before: rows may have come and gone since.
      const older = await count({ start: window.start, end: formatTime(middle) });
      return halves(args, middle, [newer, older]);
    }
  }
}

/** Cuts at a time. A part without a count, the newer first, is counted when it is read. */
export function halves(args: EventsArgs, at: number, counts: readonly Count[] = []): Slice[] {
  const { expected: _, ...rest } = args;
  return cutWindow(args.window, at).map((window, index) => {
    const count = counts[index];
    const part = { ...rest, window, whole: false };
    return typeof count === "object"
      ? eventsSlice({ ...part, counted: true, expected: count.rows })
      : eventsSlice({ ...part, counted: false });
  });
}

/** All rows lie in one second: it gets a slice, and so does what is before and behind it. */
function isolate(args: EventsArgs, second: number): Slice[] {
  const { expected = 0 } = args;
  const bounds = boundsOf(args.window);
  const parts = [
    { start: second + 1_000, end: bounds.end, expected: 0 },
    { start: second, end: second + 1_000, expected },
    { start: bounds.start, end: second, expected: 0 },
  ];
  return parts
    .filter(({ start, end }) => start < end)
    .map(({ start, end, expected }) => {
      const window = { start: formatTime(start), end: formatTime(end) };
      return eventsSlice({ ...args, window, whole: false, expected });
    });
}
