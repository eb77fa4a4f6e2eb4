import { createReadStream } from "node:fs";

/** A line of a file, and where the next one begins. */
export interface Line {
  readonly text: string;
  /** Bytes from the beginning of the file to the end of this line, its line break counted in. */
  readonly end: number;
}

const lineBreak = 0x0a;

/** Yields each line that ended. What follows the last line break was cut off by a crash. */
export async function* readLines(path: string): AsyncGenerator<Line, void, void> {
  const decoder = new TextDecoder();
  let rest: Uint8Array[] = [];
  let end = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
    let start = 0;
    for (let at = chunk.indexOf(lineBreak); at >= 0; at = chunk.indexOf(lineBreak, start)) {
      rest.push(chunk.subarray(start, at));
      const text = rest.map((part) => decoder.decode(part, { stream: true })).join("");
      const length = rest.reduce((sum, part) => sum + part.byteLength, 1);
      end += length;
      yield { text: text + decoder.decode(), end };
      rest = [];
      start = at + 1;
    }
    if (start < chunk.byteLength) rest.push(chunk.subarray(start));
  }
}
