import { concatBytes } from "./concat-bytes.ts";

/** How much of a body {@linkcode readBody} reads. */
export interface ReadBodyOptions {
  /** No more bytes than this are kept. */
  readonly limit: number;
  /**
   * How many bytes there should be, where known: they are then put together without a copy, and one
   * byte too many counts as more.
   */
  readonly expected?: number | undefined;
}

/** What {@linkcode readBody} read. */
export interface BodyBytes {
  readonly bytes: Uint8Array;
  /** Whether the body had more bytes, which were left unread. */
  readonly more: boolean;
}

/**
 * Reads the body of an answer up to a limit, since a server may send one without end. What is left
 * of a longer one is cancelled.
 *
 * @param body The body; `null`, as `Response.body` may be, counts as empty.
 * @param options How much of it to read.
 * @returns The bytes, and whether there were more.
 * @throws what the body fails with.
 *
 * @example
 * ```ts
 * import { readBody } from "@decant/core";
 *
 * const response = await fetch("https://example.com/");
 * const { bytes, more } = await readBody(response.body, { limit: 64 * 1024 });
 * console.log(new TextDecoder().decode(bytes), more ? "..." : "");
 * ```
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  options: ReadBodyOptions,
): Promise<BodyBytes> {
  const { limit, expected } = options;
  const whole = expected !== undefined && expected <= limit ? new Uint8Array(expected) : undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body?.getReader();
  for (let step = await reader?.read(); step && !step.done; step = await reader?.read()) {
    const chunk = step.value;
    const room = (whole?.byteLength ?? limit) - size;
    if (chunk.byteLength > room) {
      // Nobody waits for this: a connection that fails while it is given up is no failure.
      reader?.cancel().catch(() => {});
      chunks.push(chunk.subarray(0, room));
      return { bytes: whole ?? concatBytes(chunks), more: true };
    }
    if (whole) whole.set(chunk, size);
    else chunks.push(chunk);
    size += chunk.byteLength;
  }
  return { bytes: whole?.subarray(0, size) ?? concatBytes(chunks), more: false };
}
