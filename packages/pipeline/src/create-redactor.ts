import { createHmac } from "node:crypto";
import { createRow, DecantError, type Row } from "@decant/core";
import { createPathTree, type PathNode } from "./path-tree.ts";
import { redactJson } from "./redact-json.ts";
import type { Redaction } from "./redaction.ts";

/** A shorter key could be found by trying: what it hashes is often easy to guess. */
const shortestKey = 32;

/** Takes out of rows what a job says. */
export interface Redactor {
  /** Tells one key from another. Absent: there is nothing to hash. */
  readonly keyId?: string;
  /** Each path with its verb, such as `drop user.email`. */
  readonly names: readonly string[];
  /** @param onMatch Called with one of the names for each value that it was found at. */
  redact(row: Row, onMatch: (name: string) => void): Row;
}

/**
 * Makes the redactor of a job.
 *
 * @param key The key for `hash`.
 * @throws {DecantError} `PATH_INVALID`, `HASH_KEY_MISSING` or `HASH_KEY_SHORT`.
 */
export function createRedactor(redaction: Redaction, key: string | undefined): Redactor {
  const { drop = [], hash = [], select = [] } = redaction;
  const edits = createPathTree(redaction, ["drop", "hash"]);
  const selection = createPathTree(redaction, ["select"]);
  const names = [
    ...drop.map((path) => nameOf({ verb: "drop", path })),
    ...hash.map((path) => nameOf({ verb: "hash", path })),
    ...select.map((path) => nameOf({ verb: "select", path })),
  ];
  const hmac = hash.length > 0 ? createHash(key) : undefined;

  return {
    // No value has this text: it is no JSON.
    ...(hmac && { keyId: hmac("decant hash key").slice(0, 16) }),
    names,
    redact({ json, value: _, ...row }, onMatch) {
      const walk = {
        hash: (bytes: Uint8Array) => `hmac-sha256:${hmac?.(bytes)}`,
        onMatch: (leaf: NonNullable<PathNode["leaf"]>) => onMatch(nameOf(leaf)),
      };
      const edited = redactJson(json, edits, { ...walk, select: false });
      const rest = redactJson(edited, selection, { ...walk, select: true });
      return createRow({ ...row, json: rest });
    },
  };
}

function nameOf({ verb, path }: NonNullable<PathNode["leaf"]>): string {
  return `${verb} ${path}`;
}

const keyHint = 'Set DECANT_HASH_KEY to what "openssl rand -hex 32" prints, and keep it.';

function createHash(key: string | undefined): (data: string | Uint8Array) => string {
  if (key === undefined) {
    throw new DecantError("HASH_KEY_MISSING", "Cannot hash values: there is no key", {
      kind: "usage",
      hint: keyHint,
    });
  }
  if (key.length < shortestKey) {
    const state = `it has less than ${shortestKey} characters`;
    throw new DecantError("HASH_KEY_SHORT", `Cannot use the hash key: ${state}`, {
      kind: "usage",
      hint: keyHint,
    });
  }
  return (data) => createHmac("sha256", key).update(data).digest("hex");
}
