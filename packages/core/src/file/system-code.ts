/**
 * Reads the code of a system error, such as `ENOENT`.
 *
 * @param error Whatever was thrown.
 * @returns The code, or nothing where the error has none.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { systemCode } from "@decant/core/file";
 *
 * const text = await readFile("state.json", "utf8").catch((error: unknown) => {
 *   if (systemCode(error) !== "ENOENT") throw error;
 * });
 * ```
 */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
