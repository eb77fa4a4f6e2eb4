import { concatBytes, type Row, type Sink } from "@decant/core";
import type { ObjectTarget } from "./object-target.ts";
import { type OpenObjectOptions, openObject } from "./open-object.ts";
import { formatPosition } from "./position.ts";

const newline = new TextEncoder().encode("\n");

/** Opens a sink of one stream, in one object. */
export async function openObjectSink(options: OpenObjectOptions): Promise<Sink> {
  const target = await openObject(options);
  return {
    write: (_stream, rows) => writeRows(target, rows),
    commit: async () => formatPosition(await target.commit()),
    finish: () => target.finish(),
    [Symbol.asyncDispose]: async () => await target[Symbol.asyncDispose](),
  };
}

/** Writes each row as the line it is. */
export async function writeRows(target: ObjectTarget, rows: readonly Row[]): Promise<void> {
  await target.write([concatBytes(rows.flatMap(({ json }) => [json, newline]))]);
}
