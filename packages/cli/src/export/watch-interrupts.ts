import { constants } from "node:os";

/** What makes a command stop early. */
export interface WatchOptions {
  /** How long it may run, in milliseconds. @default {as long as it takes} */
  readonly maxMs?: number | undefined;
  /** Called when the first interrupt comes. */
  onInterrupt(): void;
  /** Called when the time is over. */
  onTimeOver(): void;
}

/** The interrupts of one command. */
export interface Interrupts extends Disposable {
  /** Aborted by the first interrupt, or when the time is over. */
  readonly signal: AbortSignal;
  /** The exit code for the interrupt that came, if one came. */
  readonly exitCode: number | undefined;
}

const names = ["SIGINT", "SIGTERM"] as const;

/**
 * Turns the first SIGINT or SIGTERM into an aborted signal, so that what is at hand can be brought
 * to a good end. The second ends the process at once, as if nobody had watched: `process.exit()`
 * would wait for what a thread is at, such as opening a pipe that nobody reads. When the time is
 * over, the same good end is made.
 */
export function watchInterrupts({ maxMs, onInterrupt, onTimeOver }: WatchOptions): Interrupts {
  const controller = new AbortController();
  let exitCode: number | undefined;

  function interrupt(name: NodeJS.Signals): void {
    if (exitCode !== undefined) {
      for (const watched of names) process.removeAllListeners(watched);
      process.kill(process.pid, name);
      return;
    }
    exitCode = 128 + constants.signals[name];
    onInterrupt();
    controller.abort(new Error(`interrupted by ${name}`));
  }

  function endInTime(): void {
    if (controller.signal.aborted) return;
    onTimeOver();
    controller.abort(new Error("the time is over"));
  }

  for (const name of names) process.on(name, interrupt);
  const timer = maxMs === undefined ? undefined : setTimeout(endInTime, maxMs);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      for (const name of names) process.off(name, interrupt);
    },
  };
}
