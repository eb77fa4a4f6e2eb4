import type { Writable } from "node:stream";
import type { LogEntry } from "@decant/gcp-auth/service";

/** Writes one line of JSON a request. */
export interface AccessLog {
  write(entry: LogEntry): void;
  /** Writes what has gathered. */
  flush(): void;
}

/**
 * Makes a log on a stream. Lines of requests that were answered in one turn of the event loop are
 * written together, as each write to a file or a pipe holds the service up.
 */
export function createAccessLog(stream: Writable): AccessLog {
  let lines = "";

  function flush(): void {
    if (lines === "") return;
    const text = lines;
    lines = "";
    stream.write(text);
  }

  return {
    flush,
    write({ time, ...entry }) {
      if (lines === "") setImmediate(flush);
      lines += `${JSON.stringify({ time: new Date(time).toISOString(), ...entry })}\n`;
    },
  };
}
