import { formatBytes } from "./format-bytes.ts";
import { formatCount } from "./format-count.ts";

/** Writes how many rows and bytes there are: `1 row (512 B)`, `15,000 rows (98.1 MiB)`. */
export function formatRows({
  rows,
  bytes,
}: {
  readonly rows: number;
  readonly bytes: number;
}): string {
  return `${formatCount(rows)} ${rows === 1 ? "row" : "rows"} (${formatBytes(bytes)})`;
}
