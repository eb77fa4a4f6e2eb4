import { hash } from "node:crypto";
import { createIdentifier, type Stream } from "@decant/core";
import { formatDigest } from "./digest.ts";

/** What the rows of a stream say about their ids. */
export interface IdCheck {
  add(json: Uint8Array): void;
  /** Rows that do not say their id. */
  readonly missing: number;
  /** The sum of the SHA-256 of all ids, as {@linkcode Tally.idDigest}. */
  digest(): string;
  /** Marks of ids that may be there more than once. */
  suspects(): ReadonlySet<bigint>;
  /** The id of a row, if it is under suspicion. */
  suspect(json: Uint8Array, marks: ReadonlySet<bigint>): string | undefined;
}

const modulus = 1n << 256n;

/**
 * Checks ids in 8 bytes a row: a part of the hash of each. Two ids may have that in common, so it only
 * says which ones to look at once more.
 */
export function createIdCheck(id: NonNullable<Stream["id"]>): IdCheck {
  const identifier = createIdentifier({ id });
  let marks = new BigUint64Array(1024);
  let count = 0;
  let missing = 0;
  let sum = 0n;

  return {
    add(json) {
      const found = identifier.identify(json).id;
      if (found === undefined) {
        missing += 1;
        return;
      }
      const digest = hash("sha256", found, "hex");
      sum += BigInt(`0x${digest}`);
      if (count === marks.length) {
        const larger = new BigUint64Array(count * 2);
        larger.set(marks);
        marks = larger;
      }
      marks[count++] = markOf(digest);
    },
    get missing() {
      return missing;
    },
    digest: () => formatDigest(sum % modulus),
    suspects() {
      const sorted = marks.subarray(0, count).sort();
      return new Set(sorted.filter((mark, index) => index > 0 && sorted[index - 1] === mark));
    },
    suspect(json, wanted) {
      const found = identifier.identify(json).id;
      const isWanted = found !== undefined && wanted.has(markOf(hash("sha256", found, "hex")));
      return isWanted ? found : undefined;
    },
  };
}

function markOf(digest: string): bigint {
  return BigInt(`0x${digest.slice(0, 16)}`);
}
