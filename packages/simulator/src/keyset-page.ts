import { Buffer } from "node:buffer";
import type { Call } from "./call.ts";
import { firstIndex } from "./event-order.ts";
import { refuse } from "./reply.ts";

/** The list that a page is taken from, ordered by a falling or rising number. */
export interface KeysetList<T> {
  readonly items: readonly T[];
  readonly key: (item: T) => number;
  readonly descending: boolean;
  /** Writes a key into a cursor and reads it back. */
  readonly position: { write(key: number): string; read(text: string): number };
}

/** The items of one page and GlitchTip's headers. */
export interface KeysetPage<T> {
  readonly items: readonly T[];
  readonly headers: Record<string, string>;
}

/** django-ninja-cursor-pagination trusts no offset beyond this, so a longer tie never ends. */
const offsetCutoff = 100;

interface Token {
  readonly offset: number;
  readonly reverse: boolean;
  readonly position: string | undefined;
}

/** GlitchTip's pages: after the key in the cursor, and past as many of equal key as it says. */
export function keysetPage<T>(call: Call, list: KeysetList<T>): KeysetPage<T> {
  const limit = glitchtipLimit(call);
  const token = readToken(call.query);
  const { items, key, descending, position } = list;
  const faults = call.faults.settings;
  const after = token.position === undefined ? undefined : position.read(token.position);
  const past = (item: T) => (descending ? key(item) < after! : key(item) > after!);
  const base = after === undefined ? 0 : firstIndex(items, past);
  let start = base + token.offset;
  if (token.reverse) start = Math.max(0, base - token.offset - limit);
  if (faults.ignoreCursor) start = 0;
  if (faults.endlessPage) start = Math.min(start, limit);
  const page = items.slice(start, start + limit);
  const following = items[start + limit];
  const endless = faults.endlessPage && start > 0;
  let next =
    following === undefined && !faults.ignoreCursor
      ? undefined
      : nextToken({ list, page, following, token, start });
  // A new position each time, so that only the rows tell that nothing moves.
  if (endless) next = { offset: 0, reverse: false, position: position.write((after ?? 0) - 1_000) };
  if (faults.repeatCursor && call.query.has("cursor")) next = token;
  const previous =
    start > 0
      ? { offset: 0, reverse: true, position: position.write(key(items[start]!)) }
      : undefined;
  return {
    items: page,
    headers: {
      link: header(call, { previous, next }),
      "x-hits": String(Math.min(items.length, 1_000)),
      "x-max-hits": "1000",
    },
  };
}

function nextToken<T>(from: {
  list: KeysetList<T>;
  page: readonly T[];
  following: T | undefined;
  token: Token;
  start: number;
}): Token {
  const { list, page, following, token, start } = from;
  const keys = page.map(list.key);
  const nextKey = following === undefined ? undefined : list.key(following);
  const different = keys.findLastIndex((one) => one !== nextKey);
  if (different >= 0) {
    return {
      offset: keys.length - 1 - different,
      reverse: false,
      position: list.position.write(keys[different]!),
    };
  }
  // The whole page ties with what follows: stay at the position and move the offset.
  const offset = start === 0 ? keys.length : token.offset + keys.length;
  return { offset, reverse: false, position: start === 0 ? undefined : token.position };
}

function glitchtipLimit({ query, settings }: Call): number {
  const text = query.get("limit");
  if (text === null) return settings.clamp;
  if (!/^\d+$/.test(text)) throw unprocessable("limit", "int_parsing");
  return Math.min(Math.max(Number(text), 1), 100);
}

/** The 422 of django-ninja. */
export function unprocessable(name: string, type: string) {
  return refuse(422, [{ type, loc: ["query", name], msg: `Input is not valid for ${name}` }]);
}

function readToken(query: URLSearchParams): Token {
  const text = query.get("cursor");
  if (text === null) return { offset: 0, reverse: false, position: undefined };
  // A plus sign that was not percent-encoded arrives as a blank, which is no base64.
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw unprocessable("cursor", "value_error");
  const token = new URLSearchParams(Buffer.from(text, "base64").toString("latin1"));
  const offset = Number(token.get("o") ?? 0);
  if (!Number.isInteger(offset)) throw unprocessable("cursor", "value_error");
  return {
    offset: Math.min(Math.max(offset, 0), offsetCutoff),
    reverse: token.get("r") === "1",
    position: token.get("p") ?? undefined,
  };
}

function writeToken({ offset, reverse, position }: Token): string {
  const token = new URLSearchParams();
  if (offset !== 0) token.set("o", String(offset));
  if (reverse) token.set("r", "1");
  if (position !== undefined) token.set("p", position);
  return Buffer.from(token.toString(), "latin1").toString("base64");
}

/** The header is a Python set that was turned into text, and a side with no results has no cursor. */
function header(
  call: Call,
  sides: { previous: Token | undefined; next: Token | undefined },
): string {
  const origin = call.faults.settings.crossOriginLink ?? call.origin;
  const side = (rel: "previous" | "next") => {
    const url = new URL(origin + call.url.pathname + call.url.search);
    const token = sides[rel];
    if (!token) return `<${url}>; rel="${rel}"; results="false"`;
    const cursor = writeToken(token);
    url.searchParams.set("cursor", cursor);
    return `<${url}>; rel="${rel}"; results="true"; cursor="${cursor}"`;
  };
  return `{'${side("previous")}, ${side("next")}'}`;
}

/** Positions that are times: Python's text of a datetime. */
export const timePosition: KeysetList<unknown>["position"] = {
  write: (ms) => `${new Date(ms).toISOString().slice(0, 23).replace("T", " ")}000+00:00`,
  read: (text) => {
    const ms = Date.parse(text.replace(" ", "T").replace(/(\.\d{3})\d*/, "$1"));
    if (Number.isNaN(ms)) throw unprocessable("cursor", "value_error");
    return ms;
  },
};
