import type { ResponseHead } from "./request-options.ts";

/** A page that was read, as a {@linkcode NextPage} sees it. */
export interface PageHead<T> {
  /** The address that the page came from. */
  readonly url: URL;
  /** What the page was asked for with. Absent: it is the first of its list. */
  readonly cursor?: string;
  readonly response: ResponseHead;
  /** What the page was parsed to. */
  readonly value: T;
}

/**
 * A way of paging: which page follows another, and how to ask for it.
 *
 * @example
 * ```ts
 * import type { NextPage } from "@decant/pagination";
 *
 * // Pages of the form {"rows": [...], "after": "abc"}, asked for with ?after=abc
 * const bodyCursor: NextPage<{ rows: unknown[]; after: string | null }> = {
 *   cursorAfter: ({ value }) => value.after ?? undefined,
 *   urlAt(url, cursor) {
 *     const page = new URL(url);
 *     page.searchParams.set("after", cursor);
 *     return page;
 *   },
 * };
 * ```
 */
export interface NextPage<T> {
  /**
   * Says what the page after this one is asked for with; `undefined` when the server said that
   * there is none. It throws when the server left that open.
   */
  cursorAfter(page: PageHead<T>): string | undefined;
  /** Makes the address of a page from the address of the first one, on the same origin. */
  urlAt(url: URL, cursor: string): URL;
}
