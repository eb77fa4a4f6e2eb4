import { DecantError, isDecantError, sleep } from "@decant/core";

/** How long to wait before the next try to get at a database that another program holds. */
const pauseMs = 20;

/** Whether SQLite says that another connection is at work. Not all runtimes give its number. */
function isBusy(error: unknown): boolean {
  return /\b(is|are) locked\b/.test(messageOf(error));
}

/** Whether a file is there and SQLite cannot read it. */
export function isNoDatabase(error: unknown): boolean {
  return /not a database|is malformed/.test(messageOf(error));
}

/**
 * Runs SQL, and says in one sentence what kept it from being done.
 *
 * @param action What is done to what, such as `write "events.sqlite"`.
 *
 * @throws {DecantError} `SQLITE_BUSY`, `SINK_FULL`, `SINK_DENIED`, `OUTPUT_INVALID` or
 * `SINK_FAILED`.
 */
export function attemptSql<T>(action: string, task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw isDecantError(error) ? error : sqlError(`Cannot ${action}`, error);
  }
}

/** The same, again and again until others have let go of the database, so many milliseconds at most. */
export async function attemptWhenFree<T>(
  { action, waitMs }: { readonly action: string; readonly waitMs: number },
  task: () => T,
): Promise<T> {
  for (let waited = 0; ; waited += pauseMs) {
    try {
      return attemptSql(action, task);
    } catch (error) {
      if (!isDecantError(error) || error.code !== "SQLITE_BUSY" || waited >= waitMs) throw error;
      await sleep(pauseMs);
    }
  }
}

function sqlError(failure: string, cause: unknown): DecantError {
  const message = messageOf(cause);
  if (isBusy(cause)) {
    return new DecantError("SQLITE_BUSY", `${failure}: another program is writing it`, {
      kind: "sink",
      hint: "Let that end, then go on.",
      retryable: true,
      cause,
    });
  }
  if (/disk is full/.test(message)) {
    return new DecantError("SINK_FULL", `${failure}: the disk is full`, {
      kind: "sink",
      hint: "Free some space, then resume the export.",
      retryable: true,
      cause,
    });
  }
  if (/readonly|unable to open|permission denied/.test(message)) {
    return new DecantError("SINK_DENIED", `${failure}: it cannot be opened to be written`, {
      kind: "sink",
      hint: "Allow writing to the file and to its folder, or choose another place.",
      cause,
    });
  }
  if (isNoDatabase(cause)) {
    return new DecantError("OUTPUT_INVALID", `${failure}: it is no SQLite database, or damaged`, {
      kind: "usage",
      hint: "Choose another name.",
      cause,
    });
  }
  return new DecantError("SINK_FAILED", `${failure}: ${message}`, {
    kind: "sink",
    hint: "Check the disk that the file lies on, then resume the export.",
    cause,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
