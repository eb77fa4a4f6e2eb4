import { escapeControls, type OptionSpec, type SinkEntry } from "@decant/core";
import { formatTable } from "../text/format-table.ts";
import type { Provided, Registry } from "./registry.ts";

const promises: Record<SinkEntry["resume"], string> = {
  rewind: "exactly once",
  keyed: "once by key",
  none: "at least once",
};

const crashes: Record<SinkEntry["resume"], string> = {
  rewind: "exactly once, over any crash",
  keyed: "once by key, over any crash",
  none: "at least once: what was written cannot be taken back, so a resume may repeat rows",
};

/** Lists the sinks, one a line. */
export function listSinks({ sinks }: Registry): string {
  return formatTable(
    [...sinks.values()].map(({ name, entry, plugin }) => [
      name,
      entry.summary,
      promises[entry.resume],
      `(${plugin})`,
    ]),
  );
}

/** Says all about one sink. */
export function describeSink({ name, entry, plugin, version }: Provided<SinkEntry>): string {
  const facts = formatTable([
    ["plugin", `${plugin} ${version}`],
    ["rows", crashes[entry.resume]],
    ["streams", entry.streams === "one" ? "one in an output" : "several in one output"],
    entry.output === undefined
      ? ["default output", entry.extension ? `STREAM${entry.extension}` : "- (standard output)"]
      : ["output", entry.output],
  ]);
  const options = Object.entries(entry.options ?? {}).map(([option, spec]) => [
    spec.secret ? spec.env! : `--${name}-${option}`,
    spec.summary + details(spec),
  ]);
  const table = options.length === 0 ? "It has no options." : formatTable(options);
  return `${name}: ${escapeControls(entry.summary)}\n\n${facts}\n\n${table}`;
}

function details({ choices, default: fallback, env, secret }: OptionSpec): string {
  const parts = [
    choices && `one of ${choices.join(", ")}`,
    fallback !== undefined && `default ${fallback}`,
    env && !secret && `or ${env}`,
    secret && "only as an environment variable",
  ].filter(Boolean);
  return parts.length === 0 ? "" : ` (${parts.join("; ")})`;
}
