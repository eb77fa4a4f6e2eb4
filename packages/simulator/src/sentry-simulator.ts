import type { Flavor, Group, IssueOptions } from "./sentry-options.ts";
import type { StreamName } from "./stream-name.ts";

/** A limit that a request can break: how many in a window, or how many at a time. */
export type BrokenLimit = "window" | "concurrency";

/** One request that was answered. */
export interface RequestRecord {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** 0 when the connection was dropped instead of answered. */
  readonly status: number;
  /** Absent where no endpoint has that path. */
  readonly group?: Group;
  /** Which limit it broke. Absent from the refusals that `faults` makes up. */
  readonly refused?: BrokenLimit;
  /** When it came, in milliseconds since 1970 by the simulator's clock. */
  readonly at: number;
  /** How many requests of its group were under way, this one included. */
  readonly inFlight: number;
  /** Whether it carried a token that the server knows. */
  readonly authorized: boolean;
  /** The length of the body that was meant to be sent, before compression. */
  readonly bytes: number;
}

/** An event as the oracle tells it. */
export interface SimulatedEvent {
  readonly id: string;
  readonly projectId: string;
  readonly issueId: string;
  /** What lists are ordered by, in whole seconds; on GlitchTip when it was received. */
  readonly time: string;
  /** The exact bytes of its full row in a list, line breaks between tokens included. */
  readonly json: Uint8Array;
  /** Whether it lost its body. */
  readonly hollow: boolean;
}

/** A row of any stream as the oracle tells it. */
export interface SimulatedRow {
  readonly id: string;
  /** What it belongs to below the organisation, as its path says it: `{ project: "web" }`. */
  readonly parents: Readonly<Record<string, string>>;
  /**
   * Its exact bytes. Of transactions, spans and logs all fields that there are, whatever a request
   * asks for.
   */
  readonly json: Uint8Array;
}

/** An issue that is there. */
export interface SimulatedIssue {
  readonly id: string;
  readonly shortId: string;
  /** The slug. */
  readonly project: string;
  readonly projectId: string;
}

/** Where and when rows appear. */
export interface AddRowsOptions {
  /** In which of the lists, by the names that {@linkcode SimulatedRow} has. @default {all of them} */
  readonly parents?: Readonly<Record<string, string>>;
  /** Of a dataset: in milliseconds since 1970. @default {now} */
  readonly time?: number;
}

/** Tokens to try. Each but the last two is one of the same user. */
export interface SimulatedTokens {
  /** An organisation token, good for uploads only. */
  readonly org: string;
  readonly noEventScope: string;
  readonly noProjectScope: string;
  readonly noOrgScope: string;
  /** Of a user who has to log in through single sign-on first. */
  readonly sso: string;
  readonly expired: string;
}

/** A Sentry that runs. */
export interface SentrySimulator extends AsyncDisposable {
  /** The origin, with no slash at the end: `http://127.0.0.1:PORT` where there is a server. */
  readonly url: string;
  readonly org: string;
  readonly flavor: Flavor;
  /** A user token that may read everything. */
  readonly token: string;
  readonly tokens: SimulatedTokens;
  readonly projects: readonly { readonly id: string; readonly slug: string }[];
  /** Those of `addIssue` included. */
  readonly issues: readonly SimulatedIssue[];
  /** Makes a token of the same user that has these scopes, such as `event:read`, and no others. */
  createToken(scopes: readonly string[]): string;
  /**
   * The oracle: every event that can be listed now, newest first within each issue.
   *
   * @param issueId Only those of this issue.
   */
  events(issueId?: string): Iterable<SimulatedEvent>;
  /** The oracle for any stream: every row that can be listed now. */
  rows(stream: StreamName): Iterable<SimulatedRow>;
  /**
   * Lets an issue appear in a project, with events as at the start: the newest five minutes ago.
   *
   * @throws {Error} when there is no such project.
   */
  addIssue(project: string, options: IssueOptions): SimulatedIssue;
  /**
   * Lets rows appear, `count` of them in each list of the stream at its head, or in a dataset.
   *
   * @throws {Error} when the stream is no list, or nothing has such parents.
   */
  addRows(stream: StreamName, count: number, options?: AddRowsOptions): void;
  /**
   * Gives members of a row other values: `changeRow("issues", id, { status: "resolved" })`.
   *
   * @throws {Error} when there is no such row.
   */
  changeRow(stream: StreamName, id: string, changes: Readonly<Record<string, unknown>>): void;
  /**
   * Takes a row out of its list; an issue with its events.
   *
   * @throws {Error} when there is no such row.
   */
  removeRow(stream: StreamName, id: string): void;
  /**
   * Lets events arrive.
   *
   * @param options `time` and `received` in milliseconds since 1970, both now by default; an
   * earlier `time` makes them late.
   */
  addEvents(
    issueId: string,
    count: number,
    options?: { readonly time?: number; readonly received?: number },
  ): void;
  /** Deletes events by id; returns how many there were. */
  removeEvents(issueId: string, ids: readonly string[]): number;
  /** Deletes an issue with its events. */
  removeIssue(issueId: string): void;
  /** Moves all events of an issue into another, which answers for both ids from then on. */
  mergeIssues(from: string, into: string): void;
  /** Every request so far, in the order in which the answers began. */
  readonly log: readonly RequestRecord[];
  /** Stops, and drops the connections that are open. */
  close(): Promise<void>;
}
