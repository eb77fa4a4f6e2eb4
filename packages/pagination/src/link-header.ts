import { DecantError } from "@decant/core";
import type { NextPage, PageHead } from "./next-page.ts";
import { type Link, parseLinkHeader } from "./parse-link-header.ts";
import { showUrl } from "./show-url.ts";

/** How {@linkcode linkHeader} works. */
export interface LinkHeaderOptions {
  /** The query parameter that holds the cursor, such as `page`. @default {"cursor"} */
  readonly parameter?: string;
}

/**
 * Pages by the `Link` header (RFC 8288) with `rel="next"`, as Sentry, GlitchTip, GitHub and many
 * others send it. The link itself is never followed, since its host may be wrong or a stranger's:
 * its `cursor`, or else the parameter in its address, goes into our own address.
 *
 * The list ends where the next link says `results="false"`, where a header holds other links but no
 * next one, and on a first page without a header. A later page without a header is an error: its
 * loss on the way would cut the list short.
 *
 * @param options The name of the query parameter.
 * @returns The way of paging.
 * @throws {DecantError} while paging: `PAGE_LINK_INVALID` when the header does not say what follows,
 * `PAGE_CROSS_ORIGIN` when all it gives is the address of another origin.
 *
 * @example
 * ```ts
 * import { linkHeader, paginate } from "@decant/pagination";
 *
 * const pages = paginate({
 *   url: "https://api.github.com/repos/denoland/std/issues",
 *   next: linkHeader({ parameter: "page" }),
 *   parse: (body) => JSON.parse(new TextDecoder().decode(body)),
 * });
 * ```
 */
export function linkHeader(options: LinkHeaderOptions = {}): NextPage<unknown> {
  const { parameter = "cursor" } = options;
  return {
    cursorAfter(page) {
      const link = findNext(page);
      return link && link.results !== false ? cursorOf(link, page.url, parameter) : undefined;
    },
    urlAt(url, cursor) {
      const page = new URL(url);
      page.searchParams.set(parameter, cursor);
      return page;
    },
  };
}

function findNext({ url, cursor, response }: PageHead<unknown>): Link | undefined {
  const header = response.headers.get("link");
  if (header === null && cursor === undefined) return undefined;
  if (header === null) throw invalid(url, "it has no Link header", true);
  const links = parseLinkHeader(header);
  const next = links.find(({ rel }) => rel.toLowerCase().split(/\s+/).includes("next"));
  if (next) return next;
  if (links.length === 0) throw invalid(url, "its Link header is malformed", true);
  // Servers that say whether a page holds results say so of the next page, too, even of the last.
  const cut = links.some(({ results }) => results !== undefined);
  if (cut) throw invalid(url, "its Link header lacks the next page", true);
  return undefined;
}

function cursorOf(link: Link, url: URL, parameter: string): string {
  if (link.cursor) return link.cursor;
  const target = URL.canParse(link.url, url.href) ? new URL(link.url, url.href) : undefined;
  if (target && target.origin !== url.origin) {
    const state = `the next page is said to be at "${target.origin}"`;
    throw new DecantError("PAGE_CROSS_ORIGIN", `Cannot go on after ${showUrl(url)}: ${state}`, {
      kind: "source",
      hint: "Use the address that the server knows itself by, or correct the server's setting of it.",
    });
  }
  const cursor = target?.searchParams.get(parameter);
  if (cursor) return cursor;
  throw invalid(url, `its next link has no parameter "${parameter}"`, false);
}

function invalid(url: URL, state: string, retryable: boolean): DecantError {
  return new DecantError("PAGE_LINK_INVALID", `Cannot go on after ${showUrl(url)}: ${state}`, {
    kind: "source",
    retryable,
    hint: retryable
      ? "Try again; if it persists, see whether a proxy changes the headers."
      : "Name the parameter that holds the cursor: linkHeader({ parameter }).",
  });
}
