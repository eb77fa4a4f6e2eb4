const decoder = new TextDecoder();

/** Parses a body as JSON. */
export function parseJson(body: Uint8Array): unknown {
  return JSON.parse(decoder.decode(body));
}
