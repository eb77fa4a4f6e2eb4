import type { Faults } from "./faults.ts";
import type { StreamName } from "./stream-name.ts";

/**
 * Which server to be:
 *
 * - `saas`: sentry.io of late 2026
 * - `self-hosted`: a recent Sentry on its own machine: no rate limits
 * - `old`: a Sentry of about 2022: issue paths without the organisation only, project events that
 *   ignore time bounds, no discover, 100 full rows a page
 * - `glitchtip`: GlitchTip 5: keyset cursors, its own header, its own keys
 */
export type Flavor = "saas" | "self-hosted" | "old" | "glitchtip";

/** One issue to make up. */
export interface IssueOptions {
  /** How many events it has. */
  readonly events: number;
  /**
   * Over how many seconds they are spread, the newest five minutes before the start.
   *
   * @default {2592000}
   */
  readonly spanSeconds?: number;
  /**
   * Rounds each time down to a multiple of this many seconds, so that many events share one.
   *
   * @default {1}
   */
  readonly tieSeconds?: number;
  /**
   * How many of its events, the oldest, have lost their body: the row is there, with the title
   * `<unlabeled event>` and nothing in it. Not on GlitchTip, which keeps both in one place.
   *
   * @default {0}
   */
  readonly hollow?: number;
  /** @default {"unresolved"} but `"resolved"` for each third issue of a project */
  readonly status?: "unresolved" | "resolved" | "ignored";
}

/** One project to make up. Its slug with `-old` added is a former name, which redirects. */
export interface ProjectOptions {
  readonly slug: string;
  readonly issues: readonly IssueOptions[];
}

/** What explore and the list of replays find. Their rows are made on demand, like events. */
export type DatasetName = "transactions" | "spans" | "logs" | "replays";

/** How often something may be asked for. */
export interface RateLimit {
  /** Requests in a window. */
  readonly limit: number;
  readonly windowSeconds: number;
  /** Requests at the same time. */
  readonly concurrent: number;
}

/** The endpoints that share a limit and are logged under one name. Most are named by their stream. */
export type Group =
  | StreamName
  | "root"
  | "organizations"
  | "regions"
  | "project"
  | "project-issues"
  | "issue"
  | "short-id"
  | "issue-events"
  | "project-events"
  | "issue-event"
  | "project-event"
  | "attachment"
  | "discover";

/** How {@linkcode startSentry} is called. */
export interface SentryOptions {
  /** @default {"saas"} */
  readonly flavor?: Flavor;
  /**
   * Decides all that is made up, and each fault.
   *
   * @default {1}
   */
  readonly seed?: number;
  /** The present, in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /** The slug of the one organisation. @default {"acme"} */
  readonly org?: string;
  /** @default one project `web` with one issue of 2,500 events over 30 days */
  readonly projects?: readonly ProjectOptions[];
  /**
   * How many rows the datasets have, over 30 days, many within one second.
   *
   * @default {300} of each; there are none on `glitchtip` and `old`
   */
  readonly explore?: Readonly<Partial<Record<DatasetName, number>>>;
  /**
   * How many rows the lists of a stream have, each of them: 3 of `release-commits` are 3 commits of
   * every release.
   *
   * @default a few of each
   */
  readonly lists?: Readonly<Partial<Record<StreamName, number>>>;
  /**
   * About how many bytes each event takes, or `realistic`: 2 to 200 KB, most of them 4 to 10 KB,
   * with all that is odd in real data. With a number all events are plain. `tiny` events take about
   * 300 bytes and have only the fields that identify, date and name them.
   *
   * @default {"realistic"}
   */
  readonly eventBytes?: number | "realistic" | "tiny";
  /**
   * The most rows of a page with full bodies. On GlitchTip: the default page size.
   *
   * @default 10 on `saas` and `self-hosted`, 100 on `old`, 50 on `glitchtip`
   */
  readonly clamp?: number;
  /**
   * Streams whose feature the organisation lacks: an empty 404, for what lies below them too.
   *
   * @default {[]}
   */
  readonly disabled?: readonly StreamName[];
  /** Whether requests are limited and the limits shown in headers. @default only on `saas` */
  readonly limits?: boolean;
  /** Limits other than Sentry's own. `default` stands for all groups that have none. */
  readonly rateLimits?: Readonly<Partial<Record<Group | "default", Partial<RateLimit>>>>;
  /** What goes wrong. @default nothing */
  readonly faults?: Faults;
  /** Older events cannot be seen. @default {90} */
  readonly retentionDays?: number;
  /** Whether to compress answers for clients that accept it. Costs speed. @default {false} */
  readonly gzip?: boolean;
  /** @default any free port */
  readonly port?: number;
}

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
