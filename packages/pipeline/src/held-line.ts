import { hash } from "node:crypto";
import type { Row } from "@decant/core";
import { readLines } from "./read-lines.ts";
import { stateCorrupt } from "./state-error.ts";

/** A row that was written: stream, id, when it arrived or happened, and of one that may change a hash. */
export type HeldLine = readonly [stream: string, id: string, time: string | null, hash?: string];

/** Half of a SHA-256: enough to tell one text of a row from another. */
const hashLength = 32;

export function toLine(stream: string, row: Row, mutable: boolean): HeldLine {
  const time = timeOf(row) ?? null;
  return mutable ? [stream, row.id, time, hashOf(row)] : [stream, row.id, time];
}

/** When ranges of time say that a row is. */
export function timeOf({ arrived, time }: Row): string | undefined {
  return arrived ?? time;
}

export function hashOf({ json }: Row): string {
  return hash("sha256", json, "hex").slice(0, hashLength);
}

/** What tells a row from all others. */
export function keyOf(stream: string, id: string): string {
  return `${stream}\n${id}`;
}

/**
 * Reads what is held.
 *
 * @throws {DecantError} `STATE_CORRUPT`.
 */
export async function* readHeld(path: string): AsyncGenerator<HeldLine> {
  let number = 0;
  for await (const { text } of readLines(path)) {
    number += 1;
    yield parseHeld(text) ?? fail(path, number);
  }
}

function parseHeld(text: string): HeldLine | undefined {
  try {
    const line = JSON.parse(text) as HeldLine;
    return Array.isArray(line) && typeof line[1] === "string" ? line : undefined;
  } catch {
    return undefined;
  }
}

function fail(path: string, number: number): never {
  throw stateCorrupt(path, number);
}
