import { constants } from "node:os";

/** The interrupts of one command. */
export interface Interrupts extends Disposable {
  /** Aborted by the first interrupt. */
  readonly signal: AbortSignal;
  /** The exit code for the interrupt that came, if one came. */
  readonly exitCode: number | undefined;
}

const names = ["SIGINT", "SIGTERM"] as const;

/**
 * Turns the first SIGINT or SIGTERM into an aborted signal, so that what is at hand can be brought
 * to a good end. The second ends the process at once, as if nobody had watched: `process.exit()`
 * would wait for what a thread is at, such as opening a pipe that nobody reads.
 *
 * @param onFirst Called when the first one comes.
 */
export function watchInterrupts(onFirst: () => void): Interrupts {
  const controller = new AbortController();
  let exitCode: number | undefined;

  function interrupt(name: NodeJS.Signals): void {
    if (exitCode !== undefined) {
      for (const watched of names) process.removeAllListeners(watched);
      process.kill(process.pid, name);
      return;
    }
    exitCode = 128 + constants.signals[name];
    onFirst();
    controller.abort(new Error(`interrupted by ${name}`));
  }

  for (const name of names) process.on(name, interrupt);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose]() {
      for (const name of names) process.off(name, interrupt);
    },
  };
}
