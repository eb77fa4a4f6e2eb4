// Everything that looks random comes from these, so that a seed decides all of it.

/** Mixes two integers into an unsigned 32-bit one, by the finaliser of MurmurHash3. */
export function hash32(seed: number, value: number): number {
  let h = Math.imul(seed | 0, 0x9e3779b1) ^ (value | 0);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Mixes an integer and a text into an unsigned 32-bit integer. */
export function hashText(seed: number, text: string): number {
  let h = hash32(seed, text.length);
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return hash32(h, seed);
}

/** A number in [0, 1) that two integers decide. */
export function fraction(seed: number, value: number): number {
  return hash32(seed, value) / 2 ** 32;
}

/** As many lower-case hex digits as asked for, decided by two integers. */
export function hex(seed: number, value: number, digits: number): string {
  let text = "";
  for (let i = 0; text.length < digits; i++) {
    text += hash32(seed + 0x51ed * i + 1, value)
      .toString(16)
      .padStart(8, "0");
  }
  return text.slice(0, digits);
}
