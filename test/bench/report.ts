/** How much a run takes upon itself. */
export interface Scale {
  /** Small sizes, for a look in between. */
  readonly quick: boolean;
  /** How often each figure is taken. */
  readonly rounds: number;
}

/** What a section found. */
export interface Section {
  readonly title: string;
  /** What was done, and what it is compared with. */
  readonly about: string;
  /** A table; the first row is its head. */
  readonly table: readonly (readonly string[])[];
  readonly targets: readonly Target[];
}

/** What was to be reached. */
export interface Target {
  readonly target: string;
  readonly measured: string;
  readonly reached: boolean;
  /** Where the floor is: for a target that is not reached. */
  readonly floor: string;
}

/** A ratio, as it is shown. */
export function times(value: number): string {
  return `${value.toFixed(2)} x`;
}

/** Milliseconds, as they are shown. */
export function seconds(ms: number): string {
  return ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

/** A whole number, as it is shown. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** Writes all targets as one table. */
export function writeTargets(sections: readonly Section[]): string {
  const targets = sections.flatMap((section) => section.targets);
  const rows = targets.map(({ target, measured, reached, floor }) => [
    target,
    measured,
    reached ? "yes" : "no",
    reached ? "" : floor,
  ]);
  return writeTable([["target", "measured", "reached", "why not"], ...rows]);
}

/** Writes what a section found. */
export function writeSection({ title, about, table }: Section): string {
  return `## ${title}\n\n${about}\n\n${writeTable(table)}`;
}

/** Writes a table of Markdown that can be read as text too. */
export function writeTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
