import type { OptionValue } from "@decant/core";

/** Whether a file is compressed: its name says so, or the option `gzip`. */
export function isGzip(path: string, option?: OptionValue): boolean {
  return option === true || path.toLowerCase().endsWith(".gz");
}
