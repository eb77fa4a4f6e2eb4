/**
 * Joins parts to one array. A single part is given back as it is, not copied.
 *
 * @param parts The parts in their order.
 * @returns All of their bytes.
 *
 * @example
 * ```ts
 * import { concatBytes } from "@decant/core";
 *
 * concatBytes([Uint8Array.of(1, 2), Uint8Array.of(3)]); // 1, 2, 3
 * ```
 */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
