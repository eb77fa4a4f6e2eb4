import { escapeControls } from "@decant/core";
import type { Progress } from "@decant/pipeline";
import { formatProgress, formatWait } from "./format-progress.ts";

/** Where and how progress is shown. */
export interface ProgressOptions {
  /** Writes to standard error. */
  write(text: string): void;
  /** One line that is drawn again, or a plain line now and then. */
  readonly terminal: boolean;
  /** The width of the terminal, asked each time it is drawn. */
  columns(): number;
  /** The present, in milliseconds. */
  now(): number;
  /** Nothing but {@linkcode ProgressReporter.say} is written. @default {false} */
  readonly silent?: boolean;
}

/** Shows how far an export is. */
export interface ProgressReporter extends Disposable {
  update(progress: Progress): void;
  /** Tells that requests wait, such as for a rate limit. */
  wait(ms: number, reason: string): void;
  /** Writes a line of its own. */
  say(line: string): void;
}

const drawMs = 100;
/** Elsewhere than on a terminal: soon enough to show that something happens, then now and then. */
const firstPlainMs = 5_000;
const plainMs = 10_000;
/** Shorter waits are part of a normal run. */
const saidWaitMs = 1_000;
/** The rate is that of the last seconds: the average since the start would hide a stall. */
const windowMs = 10_000;

/** Starts to show progress, until it is disposed of. */
export function createProgress(options: ProgressOptions): ProgressReporter {
  const { write, terminal, columns, now, silent = false } = options;
  const samples: { readonly at: number; readonly rows: number }[] = [];
  let latest: Progress | undefined;
  let waiting: { readonly until: number; readonly reason: string } | undefined;
  let drawn = false;

  function rate(): number {
    const first = samples[0];
    const ms = first ? now() - first.at : 0;
    return latest && first && ms > 0 ? ((latest.rows - first.rows) * 1000) / ms : 0;
  }

  function clear(): void {
    if (drawn) write("\r\u001b[K");
    drawn = false;
  }

  function draw(): void {
    const rest = waiting ? waiting.until - now() : 0;
    if (!latest && rest <= 0) return;
    const wait = waiting && rest > 0 ? { ms: rest, reason: waiting.reason } : undefined;
    const line = escapeControls(formatProgress({ progress: latest, rate: rate(), wait }));
    if (terminal) {
      clear();
      write(line.slice(0, Math.max(columns() - 1, 1)));
      drawn = true;
    } else write(`${line}\n`);
  }

  function repeat(ms: number, next: number): NodeJS.Timeout {
    const later = setTimeout(() => {
      draw();
      timer = repeat(next, next);
    }, ms);
    return later.unref();
  }

  let timer = silent
    ? undefined
    : terminal
      ? repeat(drawMs, drawMs)
      : repeat(firstPlainMs, plainMs);
  return {
    update(progress) {
      latest = progress;
      const at = now();
      if (at - (samples.at(-1)?.at ?? -drawMs) < drawMs) return;
      samples.push({ at, rows: progress.rows });
      while (at - samples[0]!.at > windowMs) samples.shift();
    },
    wait(ms, reason) {
      const known = waiting !== undefined && waiting.until > now();
      waiting = { until: now() + ms, reason };
      // Of many requests that wait for the same thing the first one says it.
      if (!terminal && !silent && !known && ms >= saidWaitMs)
        write(`${escapeControls(formatWait({ ms, reason }))}\n`);
    },
    say(line) {
      clear();
      write(`${escapeControls(line)}\n`);
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      clear();
    },
  };
}
