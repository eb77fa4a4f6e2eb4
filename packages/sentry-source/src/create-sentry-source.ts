import { DecantError, type Source } from "@decant/core";
import type { RetryOptions } from "@decant/pagination";
import { checkHeaders, checkToken, checkUrl } from "./check-options.ts";
import { createClient } from "./create-client.ts";
import { estimateSlices } from "./estimate-slices.ts";
import { planSlices } from "./plan-slices.ts";
import { readEvents } from "./read-events.ts";
import { readIssueList } from "./read-issue-list.ts";
import { readList } from "./read-list.ts";
import { readMerges } from "./read-merges.ts";
import { resolveStreams } from "./resolve-streams.ts";
import type { AttachmentStore } from "./save-file.ts";
import type { SentryEvent } from "./sentry-event.ts";
import { readArgs } from "./slice-args.ts";
import { streamTable } from "./stream-table.ts";
import { toStream } from "./to-stream.ts";

/** Every lane that a slice may name. Lists have one each, since the server limits each by itself. */
const sliceLanes = [
  ...["issue-events", "project-events", "discover"],
  ...streamTable.map(({ name }) => name),
];

/** What to read, from which server, and as whom. */
export interface SentrySourceOptions {
  /** The base URL of the server, without a path. @default {"https://sentry.io"} */
  readonly url?: string;
  /**
   * A user token or the token of an internal integration, with the scopes event:read and org:read, and
   * those that {@linkcode sentryStreams} tells. It goes to the server alone, and into no error.
   */
  readonly token: string;
  /** The slug of the organisation. @default {the only one that the token can see} */
  readonly org?: string;
  /** Slugs or ids: only what belongs to these projects, where the server can tell. @default {all} */
  readonly project?: string | readonly string[];
  /**
   * What to read: names of {@linkcode sentryStreams}, or all that the token may read and the server
   * has. @default {["events"]}
   */
  readonly streams?: readonly string[] | "all";
  /** Ids or short ids, such as `WEB-1A`: only what belongs to these issues. */
  readonly issues?: readonly string[];
  /** A search in Sentry's words. Then no count proves that all was read. */
  readonly query?: string;
  /** Only what belongs to these environments, where the server can tell. @default {all} */
  readonly environment?: readonly string[];
  /**
   * How to read a whole project: issue by issue, or from its one list of events, which the server
   * limits to 60 requests a minute and one at a time. @default {"issues"}
   */
  readonly via?: "issues" | "project";
  /**
   * The most requests at once, in all.
   * @default {as many as the server says, or 6 where it tells of no limit}
   */
  readonly concurrency?: number;
  /** Sent along with each request, for a proxy in front of the server. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the token may go unencrypted to another machine. @default {false} */
  readonly allowInsecureHttp?: boolean;
  /** @default {globalThis.fetch} */
  readonly fetch?: typeof globalThis.fetch;
  /** The present, in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /** How patiently requests are tried again. */
  readonly retry?: RetryOptions;
  /**
   * Where the files go that rows of `attachments` stand for. A row then says where its file is. Absent:
   * no files are downloaded.
   */
  readonly attachments?: AttachmentStore;
  /** Hears of requests and waits. */
  onEvent?(event: SentryEvent): void;
}

/**
 * Makes a source of what Sentry holds: SaaS, self-hosted, or GlitchTip. Nothing is sent before the
 * source is used.
 *
 * @param options What to read, from which server, and as whom.
 * @returns A source with the streams that were asked for. Rows hold what the server sent, byte for
 * byte; where that does not say what a row belongs to, it stands around it, as in
 * `{"issueId":"1","data":{...}}`.
 * @throws {DecantError} `SENTRY_URL_INVALID`, `SENTRY_TOKEN_INVALID`, `SENTRY_TOKEN_KIND` or
 * `SENTRY_OPTION_INVALID`. Reading throws more, see the README.
 *
 * @example
 * ```ts
 * import { createSentrySource } from "@decant/sentry-source";
 *
 * const source = createSentrySource({ token: "sntryu_...", org: "acme", issues: ["WEB-1A"] });
 * const { signal } = new AbortController();
 * const slices = [...(await source.plan({ to: "2026-01-31T00:00:00Z" }, { signal }))];
 * for (let slice = slices.shift(); slice; slice = slices.shift()) {
 *   for await (const { rows, spawn = [] } of source.read(slice, { signal })) {
 *     for (const row of rows) console.log(row.id, row.time);
 *     slices.push(...spawn);
 *   }
 * }
 * ```
 */
export function createSentrySource(options: SentrySourceOptions): Source {
  const origin = checkUrl(options.url ?? "https://sentry.io", options.allowInsecureHttp ?? false);
  checkToken(options.token);
  checkConcurrency(options.concurrency);
  const { org, issues = [], project = [], query = "", environment = [], via = "issues" } = options;
  const { streams = ["events"] } = options;
  const entries = resolveStreams({ streams, issues });
  const { token, concurrency, fetch, now, retry, onEvent } = options;
  const files = options.attachments && { files: options.attachments };
  const client = createClient({
    origin,
    token,
    headers: checkHeaders(options.headers ?? {}, token),
    ...(concurrency !== undefined && { concurrency }),
    ...(fetch && { fetch }),
    ...(now && { now }),
    ...(retry && { retry }),
    ...(onEvent && { onEvent: (event) => onEvent(event) }),
  });
  const wanted = {
    origin,
    ...(org !== undefined && { org }),
    streams: entries,
    asked: streams !== "all",
    projectNames: [project].flat(),
    issues,
    filter: { query, environment },
    via,
  };

  return {
    identity: org === undefined ? origin : `${origin} ${org}`,
    streams: entries.map(toStream),
    lanes: Object.fromEntries(sliceLanes.map((name) => [name, client.lane(name)])),
    plan(range, { signal }) {
      return planSlices(client, wanted, { range, signal });
    },
    estimate(slices, { signal }) {
      return estimateSlices(client, slices, { streams: entries, signal });
    },
    read(slice, readOptions) {
      const args = readArgs(slice);
      if (args.kind === "issues") return readIssueList(client, args, readOptions);
      if (args.kind === "list") return readList(client, args, { ...readOptions, ...files });
      if (args.kind === "merges") return readMerges(client, args, readOptions);
      return readEvents(client, args, readOptions);
    },
  };
}

function checkConcurrency(value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) return;
  throw new DecantError(
    "SENTRY_OPTION_INVALID",
    `Cannot send "${value}" requests at once: it is no count`,
    { kind: "usage", hint: "Give a whole number of 1 or more." },
  );
}
