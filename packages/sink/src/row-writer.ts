import type { Row } from "@decant/core";
import type { Frame } from "./file-format.ts";
import type { Target } from "./target.ts";

/** Writes rows to a target in their frame. */
export function createRowWriter(
  target: Target,
  frame: Frame,
): (rows: readonly Row[]) => Promise<void> {
  let empty = target.start === 0;
  return async (rows) => {
    const parts = frame.parts(rows, empty);
    await target.write(empty ? [frame.head, ...parts] : parts);
    empty = false;
  };
}
