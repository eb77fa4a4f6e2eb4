import { Flags } from "@oclif/core";

/** Flags of every command that runs an export. */
export const runFlags = {
  quiet: Flags.boolean({ char: "q", description: "Show no progress and no summary" }),
  json: Flags.boolean({ description: "Print the manifest as JSON on standard output" }),
  debug: Flags.boolean({ description: "Show each request, without secrets, and where a bug is" }),
  concurrency: Flags.integer({
    description:
      "The most requests at once [default: what the server allows, or 6 where it tells of no limit]",
    env: "DECANT_CONCURRENCY",
    min: 1,
    max: 64,
  }),
  "max-duration": Flags.string({
    description: "Stop after this long, such as 2h, so that it can go on later; exit code 4",
    env: "DECANT_MAX_DURATION",
    helpValue: "DURATION",
  }),
  header: Flags.string({
    description:
      "Header for a proxy in front, as 'Name: value'; a secret belongs in DECANT_HEADERS, one a line",
    multiple: true,
    multipleNonGreedy: true,
  }),
};

/** What those flags say. */
export interface RunFlags {
  readonly quiet: boolean;
  readonly json: boolean;
  readonly debug: boolean;
  readonly concurrency?: number | undefined;
  /** How long the export may run, in milliseconds. */
  readonly maxMs?: number | undefined;
}
