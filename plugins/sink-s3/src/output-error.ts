import { DecantError } from "@decant/core";
import { formatAddress } from "./address.ts";
import { readFailure } from "./read-failure.ts";

/** Says that something is in the way. */
export function outputExists({ bucket }: { readonly bucket: string }, key: string): DecantError {
  const address = formatAddress({ bucket, key });
  return new DecantError("OUTPUT_EXISTS", `Cannot write "${address}": it exists`, {
    kind: "usage",
    hint: "Choose another name, or replace it with --force.",
  });
}

/** Says that somebody else's export is in the way. */
export function unfinished({ bucket }: { readonly bucket: string }, key: string): DecantError {
  const address = formatAddress({ bucket, key });
  return new DecantError(
    "OUTPUT_EXISTS",
    `Cannot write "${address}": an unfinished export or upload is there`,
    {
      kind: "usage",
      hint: "Resume that export, choose another name, or replace it with --force.",
    },
  );
}

/** Says that an export cannot go on where it was. */
export function stateMismatch(
  { bucket }: { readonly bucket: string },
  key: string,
  state: string,
): DecantError {
  const address = formatAddress({ bucket, key });
  return new DecantError("STATE_MISMATCH", `Cannot go on with "${address}": ${state}`, {
    kind: "usage",
    hint: "A rule of the bucket, or another export, dropped it: start again with --force.",
  });
}

/** Says that an object is not what it was a moment ago; any other failure stays as it is. */
export function unreadable(
  { bucket }: { readonly bucket: string },
  key: string,
  error: unknown,
): unknown {
  const { status, name } = readFailure(error);
  const changed = status === 412 || status === 416;
  if (!changed && (status !== 404 || name === "NoSuchBucket")) return error;
  const address = formatAddress({ bucket, key });
  return new DecantError(
    changed ? "OUTPUT_UNREADABLE" : "OUTPUT_MISSING",
    `Cannot read "${address}": ${changed ? "it was replaced while it was read" : "it is gone"}`,
    { kind: "verify", hint: "Try again when nothing writes there." },
  );
}
