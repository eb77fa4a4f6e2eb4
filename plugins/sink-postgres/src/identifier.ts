import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** What PostgreSQL keeps of a name: NAMEDATALEN - 1. It cuts the rest off without an error. */
const longest = 63;

/**
 * Makes a name that PostgreSQL keeps as it is. A longer one is cut, and ends with a hash of all of
 * it, so that two names never become one.
 */
export function fitIdentifier(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.byteLength <= longest) return name;
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  let end = longest - hash.length - 1;
  // Not in the middle of a character.
  while ((bytes[end]! & 0xc0) === 0x80) end -= 1;
  return `${bytes.toString("utf8", 0, end)}_${hash}`;
}

/** Quotes a name for SQL, whatever it holds. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
