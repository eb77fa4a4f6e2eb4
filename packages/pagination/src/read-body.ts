/** How much of a body is read. */
export interface ReadBodyOptions {
  /** No more bytes than this are kept. */
  readonly limit: number;
  /** How many bytes there should be, where known: they are then put together without a copy. */
  readonly expected?: number | undefined;
}

/** Reads a body up to a limit. It stops as soon as there is more, and says so. */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  options: ReadBodyOptions,
): Promise<{ bytes: Uint8Array; more: boolean }> {
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
      return { bytes: whole ?? join(chunks), more: true };
    }
    if (whole) whole.set(chunk, size);
    else chunks.push(chunk);
    size += chunk.byteLength;
  }
  return { bytes: whole?.subarray(0, size) ?? join(chunks), more: false };
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
