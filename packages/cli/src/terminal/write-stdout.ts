import { createStreamOutput } from "./create-stream-output.ts";

/**
 * Writes text to standard output and resolves when it has left the process.
 *
 * @throws {DecantError} `OUTPUT_CLOSED` when the reader went away, `OUTPUT_FAILED`.
 */
export async function writeStdout(text: string): Promise<void> {
  const output = createStreamOutput(process.stdout, { color: false });
  await output.write(new TextEncoder().encode(text));
}
