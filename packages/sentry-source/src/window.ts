import { DecantError, type TimeRange } from "@decant/core";

/** Whole seconds, `start <= time < end`, as the server reads them. */
export type Window = { readonly start: string; readonly end: string };

const second = 1_000;

/**
 * How far back an export without a start goes. The server moves it up to what it keeps; no Sentry
 * keeps events this long by default.
 */
const farBack = 10 * 365 * 24 * 3_600 * second;

/** Makes the window of a range, at whole seconds: servers drop the fractions of bounds. */
export function toWindow(range: TimeRange): Window {
  const end = parseTime(range.to, "to");
  const start = range.from === undefined ? end - farBack : parseTime(range.from, "from");
  if (start >= end) {
    throw new DecantError(
      "SENTRY_RANGE_INVALID",
      `Cannot export from "${range.from}" to "${range.to}": the range is empty`,
      { kind: "usage", hint: "Let the range begin before it ends." },
    );
  }
  return { start: formatTime(start), end: formatTime(end) };
}

/** Cuts a window in two at a time within it, the newer part first. */
export function cutWindow(window: Window, at: number): [newer: Window, older: Window] {
  const middle = formatTime(at);
  return [
    { start: middle, end: window.end },
    { start: window.start, end: middle },
  ];
}

/** The bounds of a window in milliseconds since 1970. */
export function boundsOf(window: Window): { start: number; end: number } {
  return { start: Date.parse(window.start), end: Date.parse(window.end) };
}

/** The whole second in the middle of a window, or nothing if it is too short to cut. */
export function middleOf(window: Window): number | undefined {
  const { start, end } = boundsOf(window);
  const middle = Math.floor((start + end) / 2 / second) * second;
  return middle > start ? middle : undefined;
}

/** Formats a time at whole seconds. */
export function formatTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, -".000Z".length)}Z`;
}

function parseTime(text: string, name: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new DecantError("SENTRY_RANGE_INVALID", `Cannot read ${name} "${text}": it is no time`, {
      kind: "usage",
      hint: "Write it as in 2026-01-31T12:00:00Z.",
    });
  }
  return Math.floor(time / second) * second;
}
