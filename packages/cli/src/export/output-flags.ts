import { Flags } from "@oclif/core";

/** Flags of every command that begins an export: where the rows go. */
export const outputFlags = {
  sink: Flags.string({
    char: "s",
    description: "What to pour the rows into",
    env: "DECANT_SINK",
    default: "ndjson",
  }),
  output: Flags.string({
    char: "o",
    description:
      "Where to, - for standard output [default: the name of the stream, such as events.ndjson; of several, the folder sentry]",
    env: "DECANT_OUTPUT",
  }),
  force: Flags.boolean({ char: "f", description: "Replace an output that is there already" }),
  state: Flags.string({
    description: "File for the state [default: OUTPUT.decant]",
    env: "DECANT_STATE",
  }),
  limit: Flags.integer({
    description: "End after this many rows",
    min: 1,
    env: "DECANT_LIMIT",
  }),
};
