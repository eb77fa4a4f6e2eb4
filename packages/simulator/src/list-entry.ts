import type { Issue, Project } from "./entities.ts";
import type { JsonInput } from "./json-text.ts";
import type { Flavor } from "./sentry-options.ts";
import type { StreamName } from "./stream-name.ts";

/** One kind of rows that the API lists. */
export interface ListEntry {
  readonly stream: StreamName;
  /** Below `/api/0/`; what begins with a colon is a parameter. */
  readonly path: string;
  /** What a token must be good for: one of these, for reading, writing or administration. */
  readonly scopes: readonly string[];
  /**
   * How Sentry pages it:
   *
   * - `one`: a single object
   * - `all`: everything at once
   * - `rows`: by the offset of a row
   * - `pages`: by the number of a page
   * - `keyset`: by time
   */
  readonly paging: "one" | "all" | "rows" | "pages" | "keyset";
  /** The page size where none is asked for. @default {100} */
  readonly size?: number;
  /** The server shows no more rows than this, and does not say so. */
  readonly most?: number;
  /** How many rows there are below each parent, unless an option says otherwise. */
  readonly rows: number | ((from: RowOrigin) => number);
  /** The list whose rows the last parameter of the path names. Absent: projects or issues. */
  readonly parent?: StreamName;
  /** The member that tells rows apart. @default {"id"} */
  readonly id?: string;
  /** The member by which the paths of its children name a row. @default the same as `id` */
  readonly key?: string;
  /** Whether `start` and `end` are taken. */
  readonly bounds?: true;
  /** Whether its rows belong to a project each, so that `project` narrows the list. */
  readonly ofProject?: true;
  /** The name of the row that only `visibility=all` or `visibility=hidden` shows. */
  readonly hidden?: string;
  /** Parameters without which the server refuses. */
  readonly required?: readonly string[];
  /** @default the recent ones: `saas` and `self-hosted` */
  readonly flavors?: readonly Flavor[];
  make(from: RowOrigin): JsonInput;
}

/** What a row is made from. */
export interface RowOrigin {
  readonly seed: number;
  /** Its place in the list. */
  readonly nth: number;
  /** 32 bits that differ from row to row. */
  readonly random: number;
  /** A number as text, of its own. */
  readonly id: string;
  /** In milliseconds since 1970; falls from row to row. */
  readonly time: number;
  readonly org: string;
  /** The project that it belongs to: that of the path, or any. */
  readonly project: Project;
  readonly issue?: Issue | undefined;
  /** What the path names below the organisation, by the names of the parameters. */
  readonly parents: Readonly<Record<string, string>>;
  /** The id of an event of the issue. */
  readonly event?: string | undefined;
}

/** What a Sentry of today has. */
export const recent: readonly Flavor[] = ["saas", "self-hosted"];

/** Most of what a Sentry of 2022 has, too. */
export const longKnown: readonly Flavor[] = ["saas", "self-hosted", "old"];

/** What all servers have. */
export const everywhere: readonly Flavor[] = ["saas", "self-hosted", "old", "glitchtip"];
