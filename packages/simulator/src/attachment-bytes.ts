import { createHash } from "node:crypto";
import { hash32, hashText } from "./random.ts";

/** What is in the attachment with this id: up to 4 KB of any bytes, and sometimes nothing. */
export function attachmentBytes(id: string): Uint8Array {
  const seed = hashText(0xa7, id);
  const length = seed % 7 === 0 ? 0 : seed % 4_096;
  return Uint8Array.from({ length }, (_, i) => hash32(seed, i) & 0xff);
}

/** The SHA-1 of bytes in hex: what Sentry tells of files. */
export function sha1(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex");
}
