import { escapeJson } from "./escape-json.ts";
import type { Facts, ShownRow } from "./report.ts";

/** Keeps the newest rows of a stream. */
export interface Sample {
  add(row: ShownRow): void;
  /** Each as JSON that may stand in a page, in the order in which they came. */
  rows(): readonly Uint8Array[];
}

interface Kept {
  readonly time: string;
  readonly order: number;
  readonly json: Uint8Array;
}

const encoder = new TextEncoder();

/** Makes a sample of at most so many rows and bytes. Between rows of one time the first ones stay. */
export function createSample(most: { readonly rows: number; readonly bytes: number }): Sample {
  let kept: Kept[] = [];
  let bytes = 0;
  let order = 0;
  /** The oldest that still has a chance. */
  let oldest = "";

  function cut(): void {
    kept.sort(newestFirst);
    let room = most.bytes;
    kept = kept.filter(({ json }, index) => {
      // One that is too large makes way for smaller ones.
      const fits = index < most.rows && json.byteLength <= room;
      if (fits) room -= json.byteLength;
      return fits;
    });
    bytes = most.bytes - room;
    const full = kept.length >= most.rows || room < most.bytes / 50;
    if (full) oldest = kept.at(-1)?.time ?? "";
  }

  return {
    add(row) {
      order += 1;
      const time = row.facts.time ?? "";
      if (most.rows === 0 || (oldest !== "" && time <= oldest)) return;
      const json = encoder.encode(escapeJson(JSON.stringify(writeRow(row))));
      kept.push({ time, order, json });
      bytes += json.byteLength;
      if (kept.length >= most.rows * 2 || bytes >= most.bytes * 2) cut();
    },
    rows() {
      cut();
      return kept.sort((one, other) => one.order - other.order).map(({ json }) => json);
    },
  };
}

/** The order in which {@linkcode writeRow} writes facts. */
export const factNames = [
  "time",
  "level",
  "title",
  "where",
  "user",
  "release",
  "environment",
  "issue",
] as const satisfies readonly (keyof Facts)[];

/** A row as a list, as keys would take more room than values: id, JSON, then facts. */
function writeRow({ id, json, facts }: ShownRow): unknown[] {
  return [id, json, ...factNames.map((name) => facts[name] ?? null)];
}

function newestFirst(one: Kept, other: Kept): number {
  if (one.time === other.time) return one.order - other.order;
  return one.time > other.time ? -1 : 1;
}
