import { DecantError } from "@decant/core";

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const pattern = /^(\d{1,6})([smhdw])$/;

/** Tells whether a text is a duration such as `14d`. */
export function isDuration(text: string): boolean {
  return pattern.test(text);
}

/**
 * Reads a duration: a whole number and one of `s m h d w`.
 *
 * @returns Milliseconds.
 * @throws {DecantError} `DURATION_INVALID`.
 */
export function parseDuration(text: string): number {
  const [, digits, unit] = pattern.exec(text) ?? [];
  if (digits === undefined) {
    throw new DecantError("DURATION_INVALID", `Cannot read "${text}": it is not a duration`, {
      kind: "usage",
      hint: "Give a whole number and a unit of s, m, h, d or w, such as 90s, 5m or 14d.",
    });
  }
  return Number(digits) * unitMs[unit as keyof typeof unitMs];
}
