import { DecantError } from "@decant/core";
import { kinds, type Server } from "./server.ts";
import type { Filter } from "./slice-args.ts";
import type { StreamEntry } from "./stream-entry.ts";

/** What is wanted, as far as it tells whether the server can filter it. */
export interface FilterOptions {
  readonly filter: Filter;
  readonly via: "issues" | "project";
  readonly issues: readonly string[];
  readonly streams: readonly StreamEntry[];
  /** Whether the user named the streams. */
  readonly asked: boolean;
}

/** Refuses what the server would ignore. Of streams that nobody named it is told in the manifest. */
export function checkFilters({ kind }: Server, options: FilterOptions): void {
  const { filter, via, issues, streams, asked } = options;
  const given = [
    ...(filter.query ? (["query"] as const) : []),
    ...(filter.environment.length ? (["environment"] as const) : []),
  ];
  if (given.length === 0) return;
  if (!kinds[kind].filters) {
    throw unsupported(given, "GlitchTip", "Export without it, and filter the rows afterwards.");
  }
  if (via === "project" && issues.length === 0 && streams.some(({ name }) => name === "events")) {
    const hint = 'Read issue by issue, which is the default: leave out via: "project".';
    throw unsupported(given, "the project's list of events", hint);
  }
  const deaf = streams.find(({ filters = [] }) => given.some((one) => !filters.includes(one)));
  if (asked && deaf) {
    const hint = "Leave out the filter or the stream, or export them apart.";
    throw unsupported(given, `the server's list of ${deaf.name}`, hint);
  }
}

function unsupported(given: readonly string[], where: string, hint: string): DecantError {
  return new DecantError(
    "SENTRY_FILTER_UNSUPPORTED",
    `Cannot filter by ${given.join(" and ")}: ${where} does not support it`,
    { kind: "usage", hint },
  );
}
