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
