import { createProgress, type ProgressReporter } from "./create-progress.ts";

/** What decides how progress is shown. */
export interface OpenProgressOptions {
  readonly quiet: boolean;
  /** Where rows go. */
  readonly destination: string;
}

/** Starts to show progress on standard error, until it is disposed of. */
export function openProgress({ quiet, destination }: OpenProgressOptions): ProgressReporter {
  const { stderr, stdout } = process;
  // Rows and a line that is drawn again would overwrite each other on one terminal.
  const shared = destination === "-" && stdout.isTTY;
  return createProgress({
    write: (text) => stderr.write(text),
    terminal: stderr.isTTY,
    columns: () => stderr.columns || 80,
    now: () => performance.now(),
    silent: quiet || shared,
  });
}
