import { DecantError } from "@decant/core";
import { checkUrl } from "./check-url.ts";
import { linkHeader } from "./link-header.ts";
import type { NextPage } from "./next-page.ts";
import { createRepeatGuard } from "./repeat-guard.ts";
import { request } from "./request.ts";
import type { RequestOptions } from "./request-options.ts";
import { showUrl } from "./show-url.ts";

/** How {@linkcode paginate} works: each page is a request with these options. */
export interface PaginateOptions<T> extends RequestOptions<T> {
  /** Where to go on: `next` of an earlier page. Absent: from the first page. */
  readonly cursor?: string;
  /** Which page follows another. @default {linkHeader()} */
  readonly next?: NextPage<T>;
  /**
   * The next page is asked for before this one is handed out, unless this one has more bytes.
   * @default {16_777_216}
   */
  readonly readAheadBytes?: number;
}

/** One page of a list. */
export interface Page<T> {
  readonly value: T;
  /** How many bytes the body had, decoded. */
  readonly bytes: number;
  /** Where the next page begins. Absent: the server said that there is none. */
  readonly next?: string;
}

/**
 * Reads a list page by page until the server says that it ended. While one page is used, the next
 * is on its way. Nothing is sent before the first page is asked for; leaving the loop early ends
 * the request that is on its way.
 *
 * A server that goes round in circles is an error: a cursor that came before, or a page that comes
 * three times in a row, byte for byte, under new cursors. (Twice may be chance: rows that arrive at
 * the head of a list push a whole page on.) Of pages below 1 KiB, which may be without rows, a
 * thousand are.
 *
 * @param options What to ask for, and how pages follow each other.
 * @returns The pages, to be read once.
 * @throws {DecantError} `PAGE_REPEATED`, `PAGE_CROSS_ORIGIN`, `PAGE_LINK_INVALID`, and all that
 * {@linkcode request} throws; only after every page before was handed out.
 *
 * @example
 * ```ts
 * import { paginate } from "@decant/pagination";
 *
 * const pages = paginate({
 *   url: "https://sentry.io/api/0/organizations/acme/issues/1/events/?full=true",
 *   headers: { authorization: "Bearer <token>" },
 *   parse: (body) => JSON.parse(new TextDecoder().decode(body)) as unknown[],
 * });
 * for await (const { value, next } of pages) {
 *   console.log(value.length, next);
 * }
 * ```
 */
export async function* paginate<T>(
  options: PaginateOptions<T>,
): AsyncGenerator<Page<T>, void, undefined> {
  const { cursor, signal, readAheadBytes = 16 * 1024 * 1024 } = options;
  const url = checkUrl(options.url);
  const guard = createRepeatGuard();
  if (cursor !== undefined) guard.repeatsCursor(cursor);
  signal?.throwIfAborted();
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const load = (at?: string) => loadPage({ ...options, url, signal: stop.signal }, at);
  try {
    let loading = load(cursor);
    for (;;) {
      const { page, body } = await loading;
      stop.signal.throwIfAborted();
      const { next } = page;
      const mayFollow = next !== undefined && !guard.repeatsCursor(next);
      const ahead = mayFollow && page.bytes <= readAheadBytes ? load(next) : undefined;
      // A failure is told when it is that page's turn.
      ahead?.catch(() => {});
      if (guard.repeatsPage(body)) throw repeated(url, "the same page came again and again");
      yield page;
      if (next === undefined) return;
      if (!mayFollow) throw repeated(url, "a cursor came again");
      loading = ahead ?? load(next);
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    stop.abort();
  }
}

/** A page, and the bytes that it was read from. */
interface LoadedPage<T> {
  readonly page: Page<T>;
  readonly body: Uint8Array;
}

async function loadPage<T>(
  options: PaginateOptions<T> & { readonly url: URL },
  cursor: string | undefined,
): Promise<LoadedPage<T>> {
  const { next: strategy = linkHeader(), parse } = options;
  const url = cursor === undefined ? options.url : strategy.urlAt(options.url, cursor);
  if (url.origin !== options.url.origin) throw crossOrigin(options.url, url);
  const { value, response, bytes } = await request({
    ...options,
    url,
    parse: (body, head) => ({ value: parse(body, head), body }),
  });
  const asked = cursor === undefined ? {} : { cursor };
  const next = strategy.cursorAfter({ url, response, value: value.value, ...asked });
  const page = { value: value.value, bytes, ...(next === undefined ? {} : { next }) };
  return { page, body: value.body };
}

function repeated(url: URL, state: string): DecantError {
  return new DecantError("PAGE_REPEATED", `Cannot read all of ${showUrl(url)}: ${state}`, {
    kind: "source",
    hint: "The server goes round in circles here: try other page sizes or a narrower list.",
  });
}

function crossOrigin(url: URL, target: URL): DecantError {
  const state = `the next page would be at "${target.origin}"`;
  return new DecantError("PAGE_CROSS_ORIGIN", `Cannot read all of ${showUrl(url)}: ${state}`, {
    kind: "source",
    hint: "Let urlAt() change the query or the path alone.",
  });
}
