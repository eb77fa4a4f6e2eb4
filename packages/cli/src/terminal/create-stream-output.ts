import type { WriteStream } from "node:tty";
import { DecantError, type Output } from "@decant/core";

/** What is needed of a stream such as `process.stdout`. */
export type OutputStream = Pick<WriteStream, "write"> & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/**
 * Makes an {@linkcode Output} of a stream. Each write waits until its bytes have left the process,
 * so that a slow reader slows the export down and nothing is left behind at the end.
 */
export function createStreamOutput(
  stream: OutputStream,
  { color }: { readonly color: boolean },
): Output {
  return {
    terminal: stream.isTTY === true,
    // Asked each time: a terminal may change its size while an export runs.
    get columns() {
      return stream.columns || 80;
    },
    color,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        stream.write(bytes, (error) => (error ? reject(describe(error)) : resolve()));
      }),
  };
}

function describe(error: NodeJS.ErrnoException): DecantError {
  if (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED") {
    return new DecantError("OUTPUT_CLOSED", 'Cannot write to "-": its reader went away', {
      kind: "sink",
      cause: error,
    });
  }
  return new DecantError("OUTPUT_FAILED", `Cannot write to "-": ${error.message}`, {
    kind: "sink",
    hint: "Make room, or send the output somewhere else.",
    cause: error,
  });
}
