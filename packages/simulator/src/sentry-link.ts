import { refuse } from "./reply.ts";

/** A cursor of Sentry: `value:offset:is_prev`. */
export interface Cursor {
  readonly value: number;
  readonly offset: number;
  readonly previous: boolean;
}

/** One side of a `Link` header. */
export interface LinkSide {
  readonly cursor: string;
  readonly results: boolean;
}

/** Where the header points: the origin by the server's own settings, the path and its query. */
export interface LinkTarget {
  readonly origin: string;
  readonly url: URL;
}

/** Reads the `cursor` parameter. Absent means the beginning. */
export function readCursor(query: URLSearchParams): Cursor {
  const text = query.get("cursor");
  if (text === null) return { value: 0, offset: 0, previous: false };
  const match = /^(-?\d+(?:\.\d+)?):(-?\d+):([01])$/.exec(text);
  if (!match) throw refuse(400, "Invalid cursor parameter.");
  return { value: Number(match[1]), offset: Number(match[2]), previous: match[3] === "1" };
}

/** Writes a cursor. */
export function writeCursor({ value, offset, previous }: Cursor): string {
  return `${value}:${offset}:${previous ? 1 : 0}`;
}

/** Sentry's `Link` header: both sides always, the query first and the cursor unescaped. */
export function linkHeader(
  target: LinkTarget,
  sides: { previous: LinkSide; next: LinkSide },
): string {
  const query = new URLSearchParams(target.url.search);
  query.delete("cursor");
  const base = `${target.origin}${target.url.pathname}?${query}`;
  return (["previous", "next"] as const)
    .map((rel) => {
      const { cursor, results } = sides[rel];
      return `<${base}&cursor=${cursor}>; rel="${rel}"; results="${results}"; cursor="${cursor}"`;
    })
    .join(", ");
}

/** The `per_page` of a request; where absent, 100 unless said otherwise. */
export function pageSize(
  query: URLSearchParams,
  { usual = 100, most = 100 }: { usual?: number; most?: number } = {},
): number {
  const text = query.get("per_page");
  if (text === null) return usual;
  if (!/^\d+$/.test(text)) throw refuse(400, "Invalid per_page parameter.");
  const size = Number(text);
  if (size > most) throw refuse(400, `Invalid per_page value. Cannot exceed ${most}.`);
  if (size < 1) throw refuse(400, "Invalid per_page value. Must be greater than 0.");
  return size;
}
