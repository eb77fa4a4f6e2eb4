import type { Redaction } from "@decant/pipeline";

/** The flags as oclif parsed them. */
export interface ParsedRedactFlags {
  readonly drop?: readonly string[] | undefined;
  readonly hash?: readonly string[] | undefined;
  readonly select?: readonly string[] | undefined;
}

/** @returns What is taken out of rows. Nothing: they keep the server's bytes. */
export function readRedaction(flags: ParsedRedactFlags): Redaction | undefined {
  const { drop, hash, select } = flags;
  if (!drop && !hash && !select) return undefined;
  return { ...(drop && { drop }), ...(hash && { hash }), ...(select && { select }) };
}

/** Says what a job takes out of rows. */
export function describeRedaction(redaction: Redaction = {}): readonly string[] {
  const { drop = [], hash = [], select = [] } = redaction;
  return [
    ...(drop.length > 0 ? [`without ${drop.join(", ")}`] : []),
    ...(hash.length > 0 ? [`with a hash for ${hash.join(", ")}`] : []),
    ...(select.length > 0 ? [`of each row only ${select.join(", ")}`] : []),
  ];
}
