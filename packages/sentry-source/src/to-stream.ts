import type { Column, Stream } from "@decant/core";
import type { StreamEntry } from "./stream-entry.ts";
import { ancestorsOf } from "./stream-table.ts";

/**
 * The names of what a row has to say it belongs to, since the server's bytes do not. What a row that
 * names its own parents belongs to need not be said.
 */
export function parentNames(entry: StreamEntry): readonly string[] {
  if (entry.bare) return [];
  const above = ancestorsOf(entry);
  return above
    .slice(
      Math.max(
        0,
        above.findLastIndex(({ bare }) => bare),
      ),
    )
    .map(({ key, name }) => key?.name ?? name);
}

/** Makes the stream that an entry describes, of rows as they are delivered. */
export function toStream(entry: StreamEntry): Stream {
  const { name, display, time, columns, numbered } = entry;
  const parents = parentNames(entry);
  const told = [...parents, ...(numbered === undefined ? [] : [numbered])];
  const inside = (paths: Column["paths"]) =>
    told.length === 0 ? paths : paths.map((path) => ["data", ...path]);
  return {
    name,
    columns: [
      ...told.map((one) => toldColumn(one, one === numbered ? "int" : "text")),
      ...columns
        .filter((own) => !told.some((one) => toSnake(one) === own.name))
        .map((own) => ({ ...own, paths: inside(own.paths) })),
    ],
    ...(display && { display }),
    id: [...told.map((one) => [[one]]), ...entry.id.map(inside)],
    ...(time && { time: inside(time) }),
    // What sums a window up begins with its first day, and says more of its last one later.
    ...((!entry.byTime || entry.paging === "one") && { mutable: true }),
  };
}

function toldColumn(name: string, type: Column["type"]): Column {
  return { name: toSnake(name), type, paths: [[name]] };
}

function toSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
