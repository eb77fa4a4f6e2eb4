import { DecantError } from "@decant/core";
import type { StreamEntry } from "./stream-entry.ts";
import { entryOf, hasEntry, streamTable, within } from "./stream-table.ts";

/** What was asked for. */
export interface StreamChoice {
  readonly streams: readonly string[] | "all";
  /** Issues that were named: then only what belongs to issues can be read. */
  readonly issues: readonly string[];
}

/** Finds the entries of streams by name, in the order of the table. */
export function resolveStreams({ streams, issues }: StreamChoice): readonly StreamEntry[] {
  const ofIssues = within(
    "issues",
    streamTable.map(({ name }) => name),
  );
  if (streams === "all") {
    return issues.length === 0 ? streamTable : ofIssues.map(entryOf);
  }
  const unknown = streams.find((name) => !hasEntry(name));
  if (unknown !== undefined || streams.length === 0) {
    const names = streamTable.map(({ name }) => name).join(", ");
    throw invalid(
      unknown === undefined
        ? "Cannot read no stream: none was named"
        : `Cannot read stream "${unknown}": there is none of this name`,
      `Name some of ${names}; or "all".`,
    );
  }
  const other = issues.length > 0 && streams.find((name) => !ofIssues.includes(name));
  if (other) {
    throw invalid(
      `Cannot read stream "${other}" of single issues: it does not belong to issues`,
      `Leave out the issues, or read ${ofIssues.join(", ")}.`,
    );
  }
  return streamTable.filter(({ name }) => streams.includes(name));
}

function invalid(message: string, hint: string): DecantError {
  return new DecantError("SENTRY_OPTION_INVALID", message, { kind: "usage", hint });
}
