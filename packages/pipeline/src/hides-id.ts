import type { Stream } from "@decant/core";
import { parsePath } from "./parse-path.ts";
import type { Redaction } from "./redaction.ts";

/** Tells whether a redaction takes out of rows what says their id. */
export function hidesId(
  id: NonNullable<Stream["id"]>,
  { drop = [], hash = [], select = [] }: Redaction,
): boolean {
  const gone = [...drop, ...hash].map(parsePath);
  const kept = select.map(parsePath);
  const isKept = (path: readonly string[]) => kept.length === 0 || isIn(path, kept);
  return id.some((paths) => paths.some((path) => isIn(path, gone)) || !paths.some(isKept));
}

/** Whether a path is one of some, or leads into one of them. */
function isIn(path: readonly string[], others: readonly (readonly string[])[]): boolean {
  return others.some((other) => other.every((key, index) => path[index] === key));
}
