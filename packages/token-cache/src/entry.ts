import { createHash } from "node:crypto";
import type { Token } from "@decant/core";

/** A token in the cache. */
export interface Entry {
  readonly token: Token & { readonly expiresAt: Date };
  /** When it was got, in milliseconds since 1970. */
  readonly mintedAt: number;
}

/** The number is that of the form: a version that reads another one takes the entry for foreign. */
const mark = "decant-token 1";

/**
 * Writes an entry as text: a line with a hash, then JSON. The hash covers the name too, so that
 * an entry is only itself, whole, and where it was put.
 */
export function formatEntry(name: string, { token, mintedAt }: Entry): string {
  const { value, type, expiresAt, scopes, principal } = token;
  const json = JSON.stringify({
    mintedAt,
    ...{ value, type, expiresAt: expiresAt.getTime(), scopes, principal },
  });
  return `${mark} ${hash(name, json)}\n${json}\n`;
}

/** Reads an entry, or nothing where the text is not exactly what `formatEntry()` wrote. */
export function parseEntry(name: string, text: string): Entry | undefined {
  const [head, json, rest, ...more] = text.split("\n");
  if (json === undefined || rest !== "" || more.length > 0) return undefined;
  if (head !== `${mark} ${hash(name, json)}`) return undefined;
  // Whoever wrote this hash wrote these fields.
  const { mintedAt, value, type, expiresAt, scopes, principal } = JSON.parse(json) as {
    readonly mintedAt: number;
    readonly expiresAt: number;
  } & Omit<Token, "expiresAt">;
  return {
    mintedAt,
    token: {
      ...{ value, type, expiresAt: new Date(expiresAt) },
      ...(scopes && { scopes }),
      ...(principal !== undefined && { principal }),
    },
  };
}

function hash(name: string, json: string): string {
  return createHash("sha256").update(`${name}\n${json}`).digest("hex");
}
