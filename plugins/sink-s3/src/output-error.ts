import { DecantError } from "@decant/core";
import { formatAddress } from "./address.ts";

/** Says that something is in the way. */
export function outputExists(
  { bucket }: { readonly bucket: string },
  key: string,
  state = "it exists",
): DecantError {
  const address = formatAddress({ bucket, key });
  return new DecantError("OUTPUT_EXISTS", `Cannot write "${address}": ${state}`, {
    kind: "usage",
    hint: "Choose another name, or replace it with --force.",
  });
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
