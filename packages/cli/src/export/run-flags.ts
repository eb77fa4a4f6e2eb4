import { Flags } from "@oclif/core";

/** Flags of every command that runs an export. */
export const runFlags = {
  quiet: Flags.boolean({ char: "q", description: "Show no progress and no summary" }),
  json: Flags.boolean({ description: "Print the manifest as JSON on standard output" }),
  debug: Flags.boolean({ description: "Show each request, without secrets, and where a bug is" }),
  concurrency: Flags.integer({
    description: "The most requests at once [default: 8, or 3 where a server tells of no limit]",
    env: "DECANT_CONCURRENCY",
    min: 1,
    max: 64,
  }),
  header: Flags.string({
    description:
      "Header for a proxy in front, as 'Name: value'; a secret belongs in DECANT_HEADERS, one a line",
    multiple: true,
    multipleNonGreedy: true,
  }),
};

/** What those flags say, with headers read. */
export interface RunFlags {
  readonly quiet: boolean;
  readonly json: boolean;
  readonly debug: boolean;
  readonly concurrency?: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
}
