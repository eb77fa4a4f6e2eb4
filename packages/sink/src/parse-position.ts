import { DecantError, type Json } from "@decant/core";
import type { Position } from "./target.ts";

/**
 * Reads the position of one file: `{"bytes":8192}`.
 *
 * @throws {DecantError} `STATE_MISMATCH` for what this sink never gave.
 */
export function parsePosition(position: Json): Position {
  const bytes = bytesOf(position);
  if (isOffset(bytes)) return { bytes };
  throw foreign(position);
}

/**
 * Reads the position of a folder: `{"bytes":{"events":8192}}`.
 *
 * @param streams Those that the folder is opened for.
 * @throws {DecantError} `STATE_MISMATCH` for what this sink never gave.
 */
export function parseFolderPosition(
  position: Json,
  streams: { has(stream: string): boolean },
): Map<string, number> {
  const bytes = bytesOf(position);
  if (typeof bytes !== "object" || bytes === null || Array.isArray(bytes)) throw foreign(position);
  const ends = new Map<string, number>();
  for (const [stream, end] of Object.entries(bytes)) {
    if (!streams.has(stream) || !isOffset(end)) throw foreign(position);
    ends.set(stream, end);
  }
  return ends;
}

function bytesOf(position: Json): unknown {
  return typeof position === "object" && position !== null && "bytes" in position
    ? position["bytes"]
    : undefined;
}

function isOffset(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function foreign(position: Json): DecantError {
  return new DecantError(
    "STATE_MISMATCH",
    `Cannot go on at ${JSON.stringify(position)}: it is no position of this sink`,
    { kind: "usage", hint: "Resume with the sink and the state that the export began with." },
  );
}
