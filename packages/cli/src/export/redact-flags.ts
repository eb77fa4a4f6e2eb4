import { Flags } from "@oclif/core";

const several = {
  helpGroup: "PERSONAL DATA",
  multiple: true,
  multipleNonGreedy: true,
  helpValue: "PATH",
} as const;

/** Flags of every command that begins an export: what is taken out of rows. */
export const redactFlags = {
  drop: Flags.string({
    ...several,
    description: "Leave this out of each row, such as user.email; several times for more",
  }),
  hash: Flags.string({
    ...several,
    description: "Put a hash in its place, keyed by DECANT_HASH_KEY; several times for more",
  }),
  select: Flags.string({
    ...several,
    description: "Keep this, and of each row nothing else; several times for more",
  }),
};
