/**
 * A value that `JSON.stringify` and `JSON.parse` carry unchanged.
 *
 * @example
 * ```ts
 * import type { Json } from "@decant/core";
 *
 * const position: Json = { bytes: 8_192, rows: 12 };
 * ```
 */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };
