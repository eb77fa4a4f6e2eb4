import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** Rows as a set that can be compared: the SHA-256 of each row's bytes, sorted. */
export type Fingerprint = readonly string[];

/** What the server served, as rows should be: without line breaks outside strings. */
export function fingerprintServed(events: Iterable<{ readonly json: Uint8Array }>): Fingerprint {
  return Array.from(events, ({ json }) => sha256Of(json)).sort();
}

/** The SHA-256 of a row as a server sends it. */
export function sha256Of(json: Uint8Array): string {
  return sha256(dropLineBreaks(json));
}

/** The rows of an output of `json` or `ndjson`, compressed or not. */
export async function fingerprintFile(path: string): Promise<Fingerprint> {
  const bytes = await readFile(path);
  return fingerprintOutput(path.endsWith(".gz") ? gunzipSync(bytes) : bytes);
}

/** The same of bytes. A JSON array has one row a line, as the sink promises. */
export function fingerprintOutput(bytes: Buffer): Fingerprint {
  const rows: string[] = [];
  const array = bytes.subarray(0, 2).toString() === "[\n";
  if (array) JSON.parse(bytes.toString());
  let start = array ? 2 : 0;
  for (let end = bytes.indexOf("\n", start); end >= 0; end = bytes.indexOf("\n", start)) {
    const line = bytes.subarray(start, end);
    start = end + 1;
    if (array && line.toString() === "]") continue;
    rows.push(sha256(array && line.at(-1) === 0x2c ? line.subarray(0, -1) : line));
  }
  if (start !== bytes.byteLength) throw new Error("the last line has no end");
  return rows.sort();
}

/** The rows of an output of one file a row. */
export async function fingerprintFolder(folder: string): Promise<Fingerprint> {
  const rows: string[] = [];
  for (const name of await readdir(folder)) rows.push(sha256(await readFile(join(folder, name))));
  return rows.sort();
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function dropLineBreaks(json: Uint8Array): Uint8Array {
  if (!json.includes(0x0a) && !json.includes(0x0d)) return json;
  const text = new TextDecoder().decode(json);
  const strings = /"(?:[^"\\]|\\.)*"|[\r\n]+/gs;
  return new TextEncoder().encode(
    text.replace(strings, (match) => (match.startsWith('"') ? match : "")),
  );
}
