import type { Writable } from "node:stream";
import type { LogEntry } from "@decant/gcp-auth/service";

/** Writes one line of JSON a request. */
export interface AccessLog {
  write(entry: LogEntry): void;
  /** Writes what has gathered. */
  flush(): void;
}

/** How long a line may wait for others, in milliseconds. */
const longestWaitMs = 100;
/** How many characters are written without any wait. */
const most = 65_536;

/**
 * Makes a log on a stream. Lines are written together, as each write to a file or a pipe holds the
 * service up.
 */
export function createAccessLog(stream: Writable): AccessLog {
  let lines = "";
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    if (lines === "") return;
    const text = lines;
    lines = "";
    stream.write(text);
  }

  return {
    flush,
    write({ time, ...entry }) {
      if (lines === "") timer = setTimeout(flush, longestWaitMs);
      lines += `${JSON.stringify({ time: new Date(time).toISOString(), ...entry })}\n`;
      if (lines.length > most) flush();
    },
  };
}
