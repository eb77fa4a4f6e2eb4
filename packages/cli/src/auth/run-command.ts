import { spawn } from "node:child_process";
import type { CommandResult, RunOptions } from "@decant/core";
import { readSmallStream } from "./read-small-file.ts";

/**
 * Runs a command without a shell, with nothing on its standard input. What it starts itself is not
 * ended with it.
 *
 * @throws an error whose `code` is `ENOENT` where there is no such command, the reason of
 * `signal`, or `FILE_UNSUITABLE` when it writes more than 1 MiB.
 */
export async function runCommand(
  command: string,
  { args, env, timeoutMs, signal }: RunOptions,
): Promise<CommandResult> {
  signal?.throwIfAborted();
  const child = spawn(command, [...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const end = () => child.kill("SIGKILL");
  const timer = setTimeout(end, timeoutMs);
  signal?.addEventListener("abort", end, { once: true });
  try {
    const exit = new Promise<number | undefined>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => {
        resolve(code ?? undefined);
        // A child of the command may keep these open for as long as it likes.
        if (code === null) for (const stream of [child.stdout, child.stderr]) stream.destroy();
      });
    });
    const [code, stdout, stderr] = await Promise.all([
      exit,
      readSmallStream(untilCut(child.stdout), "the output of the command"),
      readSmallStream(untilCut(child.stderr), "the errors of the command"),
    ]);
    signal?.throwIfAborted();
    return { code, stdout, stderr };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
    end();
  }
}

/** The bytes of a stream; one that is destroyed is at its end. */
async function* untilCut(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}
