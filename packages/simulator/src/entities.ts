/** A project and its events, newest first once they were asked for. */
export interface Project {
  readonly id: string;
  readonly slug: string;
  events?: number[];
}

/** An issue and its events, newest first. An event is a serial number. */
export interface Issue {
  readonly id: string;
  readonly shortId: string;
  readonly project: Project;
  status: "unresolved" | "resolved" | "ignored";
  /** In milliseconds since 1970. */
  readonly firstSeen: number;
  events: number[];
  /** All that were ever counted: not lowered by a deletion. */
  counted: number;
  deleted: boolean;
  mergedInto?: Issue;
  /** Members of its rows that were given other values. */
  changes?: Readonly<Record<string, unknown>>;
}
