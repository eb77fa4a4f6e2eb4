import { hex } from "./random.ts";

const multiplier = 0x9e3779b1;
// 2^32 is even, so the odd multiplier has an inverse; each Newton step doubles its good bits.
const inverse = [1, 2, 3, 4, 5].reduce(
  (x) => Math.imul(x, 2 - Math.imul(multiplier, x)),
  multiplier,
);

/**
 * The id of an event: 32 hex digits. The first eight hold the serial number, scrambled but
 * reversible, so that an id can be looked up without a table of all ids.
 */
export function eventId(seed: number, serial: number): string {
  const scrambled = Math.imul(serial ^ seed, multiplier) >>> 0;
  return scrambled.toString(16).padStart(8, "0") + hex(seed ^ 0x1d, serial, 24);
}

/** The serial number of an event, or `undefined` where no event can have that id. */
export function eventSerial(seed: number, id: string): number | undefined {
  const compact = id.replaceAll("-", "").toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(compact)) return undefined;
  const serial = (Math.imul(Number.parseInt(compact.slice(0, 8), 16), inverse) ^ seed) >>> 0;
  return eventId(seed, serial) === compact ? serial : undefined;
}
