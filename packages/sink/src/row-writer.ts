import type { Row } from "@decant/core";
import type { Format } from "./format.ts";
import type { Target } from "./target.ts";

/** Writes rows to a target, each in its frame. */
export function createRowWriter(
  target: Target,
  { first, next, after }: Format,
): (rows: readonly Row[]) => Promise<void> {
  let empty = target.start === 0;
  return async (rows) => {
    const parts = rows.flatMap((row, index) => [
      empty && index === 0 ? first : next,
      row.json,
      after,
    ]);
    empty = false;
    await target.write(parts);
  };
}
