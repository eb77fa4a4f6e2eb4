import { DecantError } from "@decant/core";
import type { Job } from "@decant/pipeline";
import { readEnv } from "../config/read-env.ts";
import type { Registry } from "../plugins/registry.ts";
import { sinkOptions } from "../plugins/sink-flags.ts";
import { choosePlace } from "./choose-place.ts";
import { type ChosenSink, openSink } from "./open-sink.ts";
import { type ParsedRedactFlags, readRedaction } from "./read-redaction.ts";
import { type ParsedRunFlags, readRunFlags } from "./read-run-flags.ts";
import type { RunFlags } from "./run-flags.ts";

/** The flags of every command that begins an export, as oclif parsed them. */
export interface OutputFlags extends ParsedRunFlags, ParsedRedactFlags {
  readonly sink: string;
  readonly output?: string | undefined;
  readonly force: boolean;
  readonly state?: string | undefined;
  readonly limit?: number | undefined;
}

/** What is exported, as far as that decides where it goes. */
export interface OutputNeeds {
  readonly flags: OutputFlags;
  /** The names of the streams. */
  readonly streams: readonly string[];
  /** Whether later runs add to it. @default {false} */
  readonly incremental?: boolean;
}

/** Where rows go, and what is done to them on the way. */
export interface ChosenOutput {
  readonly sink: ChosenSink;
  readonly state: string;
  readonly flags: RunFlags;
  /** What a job says of it. */
  readonly job: Omit<Job, "source" | "range">;
}

/**
 * Reads the flags that say where rows go.
 *
 * @throws {DecantError} `SINK_ONE_STREAM`, `STATE_NEEDED`, or what is wrong with a flag.
 */
export async function chooseOutput(
  registry: Registry,
  { flags, streams, incremental = false }: OutputNeeds,
): Promise<ChosenOutput> {
  const given = sinkOptions(registry, { sink: flags.sink, flags: { ...flags } });
  const sink = await openSink(registry, { name: flags.sink, given });
  if (sink.entry.streams === "one" && streams.length > 1) throw tooMany(registry, flags.sink);
  const { destination, state } = await choosePlace({
    output: flags.output,
    state: flags.state,
    entry: sink.entry,
    streams,
    incremental,
    now: new Date(),
    env: readEnv,
  });
  const { limit } = flags;
  const redact = readRedaction(flags);
  return {
    sink,
    state,
    flags: readRunFlags(flags, destination),
    job: {
      sink: { name: flags.sink, options: sink.options, destination },
      ...(limit === undefined ? {} : { limit }),
      ...(redact && { redact }),
    },
  };
}

function tooMany({ sinks }: Registry, name: string): DecantError {
  const others = [...sinks.values()].filter(({ entry }) => entry.streams === "many");
  return new DecantError(
    "SINK_ONE_STREAM",
    `Cannot export several streams to "${name}": it holds one`,
    {
      kind: "usage",
      hint: `Name one stream, or a sink of several with --sink: ${others.map((sink) => sink.name).join(", ")}.`,
    },
  );
}
