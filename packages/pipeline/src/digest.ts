import { hash } from "node:crypto";

const modulus = 1n << 256n;

/**
 * Adds rows, or ids, to a digest: the sum mod 2^256 of the SHA-256 of each. A sum does not depend on
 * their order, so slices may be read in any order and their digests added up.
 */
export function addHashes(digest: bigint, texts: Iterable<Uint8Array | string>): bigint {
  let sum = digest;
  for (const text of texts) sum += BigInt(`0x${hash("sha256", text, "hex")}`);
  return sum % modulus;
}

/** Adds two digests. */
export function addDigests(a: bigint, b: bigint): bigint {
  return (a + b) % modulus;
}

/** Writes a digest as 64 hexadecimal digits. */
export function formatDigest(digest: bigint): string {
  return digest.toString(16).padStart(64, "0");
}

/** Reads what {@linkcode formatDigest} wrote. */
export function parseDigest(text: string): bigint {
  return BigInt(`0x${text}`);
}
