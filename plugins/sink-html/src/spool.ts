import { createRow, type Row } from "@decant/core";
import { ndjsonSink } from "@decant/sink";

/** A row as it lies in the spool. */
export interface SpooledRow {
  readonly stream: string;
  readonly id: string;
  readonly time?: string;
  /** The row as it was sent. */
  readonly json: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const end = 0x5d;
const head = /^\["((?:[^"\\]|\\.)*)","((?:[^"\\]|\\.)*)",(?:null|"((?:[^"\\]|\\.)*)"),/;

/** Wraps a row so that one file can hold those of all streams: `["events","web/1",null,{…}]`. */
export function wrapRow(stream: string, row: Row): Row {
  const { id, time = null, json } = row;
  const start = encoder.encode(`${JSON.stringify([stream, id, time]).slice(0, -1)},`);
  const bytes = new Uint8Array(start.byteLength + json.byteLength + 1);
  bytes.set(start);
  bytes.set(json, start.byteLength);
  bytes[bytes.byteLength - 1] = end;
  return createRow({ id, json: bytes });
}

/** Reads what {@linkcode wrapRow} wrapped. The row itself need not be JSON. */
export function unwrapRow(bytes: Uint8Array): SpooledRow {
  const line = decoder.decode(bytes);
  const [all, stream, id, time] = head.exec(line) ?? [];
  if (all === undefined) throw new TypeError("Cannot read a row of the spool: it is malformed");
  return {
    stream: textOf(stream),
    id: textOf(id),
    ...(time !== undefined && { time: textOf(time) }),
    json: line.slice(all.length, -1),
  };
}

/** Reads a finished spool. */
export async function* readSpool(path: string, signal?: AbortSignal): AsyncGenerator<SpooledRow> {
  const options = { destination: path, options: {}, ...(signal && { signal }) };
  for await (const { json } of ndjsonSink.read!(options)) yield* json.map(unwrapRow);
}

function textOf(escaped = ""): string {
  return escaped.includes("\\") ? JSON.parse(`"${escaped}"`) : escaped;
}
