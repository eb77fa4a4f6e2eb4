import type { Column, Display } from "@decant/core";
import type { Params } from "./create-client.ts";

/** A stream as data: all that tells it from the others. */
export interface StreamEntry {
  /** Lower case with dashes. */
  readonly name: string;
  /** A sentence without a period. */
  readonly summary: string;
  /** The stream whose rows it belongs to. `projects` and `issues` can be narrowed by options. */
  readonly parent?: string;
  /**
   * Below `/api/0/`. `{org}`, `{project}`, and what the entries above it call their rows are filled
   * in.
   */
  readonly path: string;
  /** What to ask for besides, filled in as the path is. */
  readonly params?: Params;
  /**
   * How its rows come:
   *
   * - `one`: as one object, which is the row
   * - `all`: as one list without pages
   * - `offset`: in pages that shift when rows come and go, so that proof takes another pass
   * - `keyset`: in pages that do not shift
   * - `time`: newest first in windows that the server can count
   */
  readonly paging: "one" | "all" | "offset" | "keyset" | "time";
  /** The member of the answer that holds the rows. Absent: the answer itself. */
  readonly member?: string;
  /** A scope that lets a token read it. */
  readonly scope: string;
  /** Whether the server takes `start` and `end`. */
  readonly bounds?: boolean;
  /** The longest window that the server takes, in days. Longer ones are read in parts. */
  readonly mostDays?: number;
  /**
   * Whether its rows never change once they lie in a window, so that later runs begin behind it. A
   * list without bounds is newest first then, and is held to the window here.
   */
  readonly byTime?: boolean;
  /** Which filters the server applies. */
  readonly filters?: readonly ("project" | "environment" | "query")[];
  /** What its rows are called by those that belong to them, and which member says it. */
  readonly key?: { readonly name: string; readonly paths: Column["paths"] };
  /** What the place of a row in its list is called, where rows do not say which one they are. */
  readonly numbered?: string;
  /** The file that each row stands for, and where rows say what its path needs. */
  readonly file?: {
    readonly path: string;
    readonly ids: Readonly<Record<string, Column["paths"]>>;
    /** A scope that lets a token download it. */
    readonly scope: string;
  };
  /** What tells a row from the others of its parent, each part with the paths where it may lie. */
  readonly id: readonly Column["paths"][];
  /** Where its time lies. */
  readonly time?: Column["paths"];
  /** Whether rows name what they belong to, so that they stay as the server sends them. */
  readonly bare?: boolean;
  /** The useful ones. Paths begin in what the server sends. */
  readonly columns: readonly Column[];
  /** How to show a row on one line. */
  readonly display?: Display;
}
