import { type Column, type Display, pickPath, type Row, type Stream } from "@decant/core";

/** What a person wants to see of a row first, as text that may be empty. */
export type RowSummary = Readonly<Record<keyof Display, string>>;

/**
 * Finds what the stream says a person should see.
 *
 * @returns Nothing where the stream says nothing, or the row has no title.
 */
export function describeRow(row: Row, stream: Stream | undefined): RowSummary | undefined {
  const { columns = [], display } = stream ?? {};
  if (!display) return undefined;
  const value = parse(row);

  function show(names: readonly string[] = []): string {
    for (const name of names) {
      const column = columns.find((other) => other.name === name);
      const text = column ? textOf(pickPath(value, column.paths), column.type) : "";
      if (text) return text;
    }
    return "";
  }

  const title = show(display.title);
  if (!title) return undefined;
  return {
    time: show(display.time) || row.time || "",
    level: show(display.level),
    title,
    where: show(display.where),
    user: show(display.user),
  };
}

function parse(row: Row): unknown {
  try {
    return row.value();
  } catch {
    return undefined;
  }
}

function textOf(value: unknown, type: Column["type"]): string {
  if (typeof value === "string") return value.trim();
  if (typeof value !== "number") return "";
  if (type !== "time") return String(value);
  // What a Date cannot hold is no time.
  return Math.abs(value) < 8.64e12 ? new Date(value * 1000).toISOString() : "";
}
