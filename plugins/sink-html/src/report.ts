/** What the page is made of. The sink writes it and the page's script reads it, both as JSON. */
export interface Report {
  readonly title: string;
  /** The run that made it. */
  readonly run: string;
  /** The stream that the charts and lists are about. */
  readonly main: string;
  readonly streams: readonly StreamSummary[];
  readonly timeline: Timeline;
  readonly issues: Top;
  readonly releases: Top;
  readonly environments: Top;
  readonly users: Distinct;
  readonly tags: Tags;
}

/** How much of a stream there is, and how much of it the page shows in full. */
export interface StreamSummary {
  readonly name: string;
  readonly rows: number;
  readonly shown: number;
  /** How many rows were no JSON that can be looked at. */
  readonly unreadable: number;
  /** The oldest and the newest time of its rows. Absent: none has one. */
  readonly from?: string;
  readonly to?: string;
}

/** Rows over time, by level. */
export interface Timeline {
  /** How long a bucket is, in milliseconds. */
  readonly step: number;
  /** The most severe first. */
  readonly levels: readonly string[];
  /** When a bucket begins, in milliseconds since 1970, then its count for each level. Sorted. */
  readonly buckets: readonly (readonly number[])[];
  /** How many rows have no time. */
  readonly untimed: number;
}

/** The most frequent values of something. */
export interface Top {
  /** How many rows have a value. */
  readonly rows: number;
  readonly values: Distinct;
  /** How many more rows than its count a value may have, as there were too many values to keep. */
  readonly error: number;
  readonly top: readonly TopValue[];
}

/** A value with its count. */
export interface TopValue {
  readonly value: string;
  readonly count: number;
  /** What the value is called, where it is an id. */
  readonly label?: string;
  readonly level?: string;
  /** When it came last. */
  readonly last?: string;
  /** What the server itself says of an issue. */
  readonly issue?: IssueNote;
}

/** What a row of the stream of issues says of it. */
export interface IssueNote {
  readonly title?: string;
  readonly shortId?: string;
  readonly status?: string;
  readonly users?: string;
  readonly link?: string;
}

/** How many different ones there are. */
export interface Distinct {
  readonly count: number;
  readonly exact: boolean;
}

/** The most frequent keys of tags, each with its most frequent values. */
export interface Tags {
  readonly keys: readonly (Top & { readonly key: string })[];
  /** Whether there were more keys than are kept. */
  readonly more: boolean;
}

/** A row that the page shows in full. */
export interface ShownRow {
  readonly id: string;
  readonly facts: Facts;
  /** As it was sent. */
  readonly json: string;
}

/** What the page knows of each row. */
export interface Facts {
  /** ISO 8601 in UTC. */
  readonly time?: string;
  readonly level?: string;
  readonly title?: string;
  readonly where?: string;
  readonly user?: string;
  readonly release?: string;
  readonly environment?: string;
  readonly issue?: string;
}
