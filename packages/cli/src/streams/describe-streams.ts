import { escapeControls } from "@decant/core";
import type { SentryStream } from "@decant/sentry-source";
import { formatPaths } from "../text/format-paths.ts";
import { formatTable } from "../text/format-table.ts";

/** Lists streams, one a line. */
export function listStreams(streams: readonly SentryStream[]): string {
  const rows = streams.map(({ name, summary, parents, scope, byTime, mutable }) => [
    name,
    summary,
    per(parents),
    scope,
    readAs({ byTime, mutable }),
  ]);
  return formatTable([["STREAM", "WHAT IT IS", "PER", "SCOPE", "READ"], ...rows]);
}

/** Says all about one stream. */
export function describeStream(stream: SentryStream): string {
  const { name, summary, parents, scope, path, byTime, mutable, columns } = stream;
  const facts = formatTable([
    ["per", per(parents)],
    ["path", `/api/0/${path}`],
    ["scope", scope],
    ["read", readAs({ byTime, mutable })],
    ["later runs", mutable ? "read it again, and add rows that changed" : "add what is new"],
    ["id", (stream.id ?? []).map(formatPaths).join(" / ") || "its place in the list"],
  ]);
  const table = formatTable(
    columns.map((column) => [column.name, column.type, formatPaths(column.paths)]),
  );
  return `${name}: ${escapeControls(summary)}\n\n${facts}\n\nColumns:\n\n${table}`;
}

/** What it is read for, one after the other. */
function per(parents: readonly string[]): string {
  return parents.at(-1)?.replace(/s$/, "") ?? "organisation";
}

function readAs({
  byTime,
  mutable,
}: {
  readonly byTime: boolean;
  readonly mutable?: boolean | undefined;
}): string {
  if (!byTime) return "whole";
  return mutable ? "by time, may change" : "by time";
}
