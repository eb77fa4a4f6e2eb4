import { DecantError, isDecantError } from "@decant/core";
import {
  type NextPage,
  type Page,
  type PaginateOptions,
  paginate,
  type RequestOptions,
  type RetryOptions,
  request,
} from "@decant/pagination";
import type { SentryLane } from "./create-lane.ts";
import { createLanes } from "./create-lanes.ts";
import { clean, explain, type Subject } from "./explain.ts";
import { explainThrottle } from "./explain-throttle.ts";
import { isTrusted } from "./is-trusted.ts";
import type { SentryEvent } from "./sentry-event.ts";

/** Query parameters. A list is sent as one parameter for each of its values. */
export type Params = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One question to the server. */
interface Ask<T> {
  readonly origin: string;
  readonly path: string;
  readonly params?: Params;
  /** The name of the lane that it goes by: any text, the same for all that share a limit. */
  readonly lane: string;
  readonly subject: Subject;
  parse(body: Uint8Array): T;
  readonly signal: AbortSignal;
  /** Fewer tries than usual. */
  readonly retries?: number;
}

/** A question whose answer has pages. */
export interface AskPages<T> extends Ask<T> {
  readonly cursor?: string;
  readonly readAheadBytes?: number;
  /** How pages follow each other. Absent: as the server says. */
  readonly next?: NextPage<T>;
}

/** A question whose answer is a file. */
interface AskDownload extends Omit<Ask<unknown>, "parse"> {
  /** How long one try may take. */
  readonly timeoutMs: number;
}

/** Asks a server, within its limits, and puts what fails into words. */
export interface Client {
  /** The lane of a name, which is made when it is first asked for. */
  lane(name: string): SentryLane;
  /** The present, in milliseconds since 1970. */
  now(): number;
  get<T>(ask: Ask<T>): Promise<T>;
  pages<T>(ask: AskPages<T>): AsyncGenerator<Page<T>, void, undefined>;
  /** Hands the body of an answer on while it comes in, anew with each try. */
  download<T>(ask: AskDownload, take: (body: ReadableStream<Uint8Array>) => Promise<T>): Promise<T>;
}

/** How a client is made. */
export interface ClientOptions {
  /** The base URL: the only place, with the regions of sentry.io, that headers are sent to. */
  readonly origin: string;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly concurrency?: number;
  readonly fetch?: typeof globalThis.fetch;
  readonly now?: () => number;
  readonly retry?: RetryOptions;
  onEvent?(event: SentryEvent): void;
}

/** Makes a client. It sends nothing by itself. */
export function createClient(options: ClientOptions): Client {
  const { now = Date.now } = options;
  const { laneOf, toRequest } = createRequests(options);
  return {
    lane: laneOf,
    now,
    async get(ask) {
      return (await request(toRequest(ask))).value;
    },
    async download<T>(ask: AskDownload, take: (body: ReadableStream<Uint8Array>) => Promise<T>) {
      const plain = toRequest({ ...ask, parse: () => undefined });
      const { fetch = globalThis.fetch } = plain;
      const taken = Promise.withResolvers<T>();
      await request({
        ...{ ...plain, timeoutMs: ask.timeoutMs },
        async fetch(input, init) {
          const response = await fetch(input, init);
          if (!response.ok) return response;
          // Within the try, so that a body that fails is asked for again.
          taken.resolve(await take(response.body ?? new Blob([]).stream()));
          return new Response();
        },
      });
      return taken.promise;
    },
    async *pages(ask) {
      const { cursor, readAheadBytes, next } = ask;
      const paged: PaginateOptions<ReturnType<typeof ask.parse>> = {
        ...toRequest(ask),
        ...(cursor !== undefined && { cursor }),
        ...(readAheadBytes !== undefined && { readAheadBytes }),
        ...(next && { next }),
      };
      try {
        yield* paginate(paged);
      } catch (error) {
        throw isDecantError(error) && error.code === "PAGE_REPEATED" ? looping(ask.subject) : error;
      }
    },
  };
}

/** Makes requests of questions: each by its lane, and with words for what fails. */
function createRequests(options: ClientOptions) {
  const { now = Date.now, retry = {}, concurrency } = options;
  const { random = Math.random, sleep } = retry;
  const laneOf = createLanes({
    now,
    random,
    ...(concurrency !== undefined && { concurrency }),
    ...(sleep && { sleep }),
    onWait,
  });
  const timed = timedFetch(options);

  function onWait(ms: number, reason: string): void {
    options.onEvent?.({ type: "wait", ms, reason });
  }

  function toRequest<T>(ask: Ask<T>): RequestOptions<T> {
    const url = toUrl(ask, options.origin);
    const lane = laneOf(ask.lane);
    const passage = lane.pass(timed);
    return {
      url,
      headers: options.headers,
      fetch: passage.fetch,
      now,
      gate: passage.gate,
      retry: ask.retries === undefined ? retry : { ...retry, retries: ask.retries },
      signal: ask.signal,
      parse: (body) => ask.parse(body),
      explain(failure) {
        if (failure.status !== 429) {
          return explain(failure, { subject: ask.subject, url, token: options.token });
        }
        const { name } = ask.subject;
        const { limit, error } = explainThrottle(failure, { name, now: now(), random: random() });
        if (limit !== "window") passage.tooMany();
        return error;
      },
      onRetry({ delayMs, reason, pausesGate }) {
        passage.inTrouble();
        if (!pausesGate) onWait(delayMs, reason);
        else lane.announce(delayMs, reason === "status 429" ? `rate limit of ${ask.lane}` : reason);
      },
    };
  }

  return { laneOf, toRequest };
}

/** What a server is that serves the same page again and again. */
export function looping(subject: Subject): DecantError {
  return new DecantError(
    "SENTRY_LOOP",
    `Cannot read ${subject.name}: the server sends the same page again and again`,
    {
      kind: "source",
      hint: "Rows behind this page cannot be reached: too many may share one time of arrival. Tell the server's maintainers.",
    },
  );
}

/** Builds the address of a question, and lets none pass to where the token does not belong. */
function toUrl(ask: Ask<unknown>, base: string): URL {
  const url = URL.parse(ask.path, ask.origin);
  if (url === null || url.origin !== ask.origin || !isTrusted(url.origin, base)) {
    throw new DecantError(
      "SENTRY_UNTRUSTED",
      `Cannot ask "${clean(ask.origin)}": the token is for "${base}" alone`,
      { kind: "usage", hint: "Use the base URL that the export began with, or begin it anew." },
    );
  }
  for (const [name, value] of Object.entries(ask.params ?? {})) {
    for (const one of [value ?? []].flat()) url.searchParams.append(name, one);
  }
  return url;
}

/** Tells of each request that was answered, and how long it took until the headers were there. */
function timedFetch(options: ClientOptions): typeof globalThis.fetch {
  const { fetch = globalThis.fetch, now = Date.now, onEvent } = options;
  if (!onEvent) return fetch;
  return async (input, init) => {
    const begin = now();
    const response = await fetch(input, init);
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    onEvent({
      type: "request",
      method: init?.method ?? "GET",
      path: pathname + search,
      status: response.status,
      ms: now() - begin,
    });
    return response;
  };
}
