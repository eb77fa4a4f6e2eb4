import {
  type Column,
  DecantError,
  type OptionValue,
  type SinkOpenOptions,
  type Stream,
} from "@decant/core";

/** A column of a file. */
export interface CsvColumn {
  readonly name: string;
  /** What it is read from. Absent: it is one that every stream has, and its name says which. */
  readonly source?: Column;
}

type Options = Readonly<Record<string, OptionValue>>;

/** Whether files hold the rows as they were sent. */
export function hasRaw(options: Options): boolean {
  return options["raw"] === true || chosen(options)?.includes("raw") === true;
}

/** Which columns the file of a stream has, in their order. */
export function planColumns(stream: Stream, options: Options): readonly CsvColumn[] {
  const all = [
    { name: "row_id" },
    { name: "row_time" },
    // A stream's own column `raw` gets a line behind its name, whether the other is there or not.
    ...stream.columns.map((source) => ({
      name: source.name === "raw" ? "raw_" : source.name,
      source,
    })),
  ];
  const raw = { name: "raw" };
  const wanted = chosen(options);
  if (!wanted) return hasRaw(options) ? [...all, raw] : all;
  const names = new Set(hasRaw(options) ? [...wanted, "raw"] : wanted);
  return [...names].flatMap((name) => [...all, raw].find((column) => column.name === name) ?? []);
}

/**
 * Makes sure that each stream has a column, and each chosen column a stream.
 *
 * @throws {DecantError} `OPTION_INVALID`.
 */
export function checkColumns({ streams, options }: SinkOpenOptions): void {
  const plans = streams.map((stream) => planColumns(stream, options));
  const found = new Set(plans.flatMap((columns) => columns.map(({ name }) => name)));
  const wrong = chosen(options)?.find((name) => !found.has(name));
  if (wrong !== undefined) {
    const rest = { ...options, columns: undefined, raw: true };
    const known = streams.flatMap((stream) => planColumns(stream, rest).map(({ name }) => name));
    throw new DecantError("OPTION_INVALID", `Cannot write the column "${wrong}": there is none`, {
      kind: "usage",
      hint: `The columns are: ${[...new Set(known)].join(", ")}.`,
    });
  }
  const bare = streams[plans.findIndex((columns) => columns.length === 0)];
  if (bare === undefined) return;
  throw new DecantError("OPTION_INVALID", `Cannot write "${bare.name}": it has no chosen column`, {
    kind: "usage",
    hint: "Choose a column that each stream has, such as row_id, or leave that stream out.",
  });
}

/** Several names may be in one value, with commas between them. */
function chosen(options: Options): readonly string[] | undefined {
  const values = options["columns"];
  if (!Array.isArray(values)) return undefined;
  const names = values.flatMap((value) => String(value).split(",")).map((name) => name.trim());
  return names.some(Boolean) ? names.filter(Boolean) : undefined;
}
