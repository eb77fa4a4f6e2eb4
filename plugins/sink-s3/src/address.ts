import { DecantError } from "@decant/core";

/** Where objects lie: a bucket, and the key of one or what their keys begin with. */
export interface Address {
  readonly bucket: string;
  /** As it is, with nothing escaped. Empty: the whole bucket. */
  readonly key: string;
}

/** Older buckets and those of other stores may have names that AWS no longer gives. */
const form = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9])(?:\/(.*))?$/s;
/** UTF-8 bytes of the longest key: what S3 allows, less what the names of remainders add. */
const longest = 1024 - 64;

/**
 * Reads `s3://bucket/key`. The key is taken as it stands, as the AWS CLI does: `%20` is three
 * characters.
 *
 * @throws {DecantError} `OUTPUT_INVALID` for anything else.
 */
export function parseAddress(destination: string): Address {
  const [, bucket, key = ""] = form.exec(destination) ?? [];
  if (bucket === undefined) throw invalid(destination, "it is no address of an object");
  const parts = key.split("/");
  const inner = parts.at(-1) === "" ? parts.slice(0, -1) : parts;
  // Gateways to file systems take the two for folders, and an empty one is a variable left empty.
  if (inner.some((part) => part === "" || part === "." || part === "..")) {
    throw invalid(destination, "a part of its name is empty, `.` or `..`");
  }
  if (/\p{Cc}|\p{Cs}/u.test(key)) throw invalid(destination, "its name has control characters");
  if (new TextEncoder().encode(key).byteLength > longest) {
    throw invalid(destination, `its name has more than ${longest} bytes`);
  }
  return { bucket, key };
}

/** Writes an address, for people. */
export function formatAddress({ bucket, key }: Address): string {
  return `s3://${bucket}/${key}`;
}

/** The key as that of a folder: empty, or with a slash at its end. */
export function folderOf(key: string): string {
  return key === "" || key.endsWith("/") ? key : `${key}/`;
}

function invalid(destination: string, state: string): DecantError {
  return new DecantError("OUTPUT_INVALID", `Cannot use "${destination}": ${state}`, {
    kind: "usage",
    hint: "Name the object with --output s3://BUCKET/NAME.ndjson.gz, or a folder with s3://BUCKET/NAME/.",
  });
}
