import type { Answer } from "./answer.ts";
import type { RequestInfo } from "./options.ts";

/** How a value is asked for. */
interface MetadataQuery {
  readonly params: URLSearchParams;
  readonly alt?: "json" | "text";
  readonly info: RequestInfo;
}

/** A value that is made when it is asked for: listings name it, recursive ones leave it out. */
type MetadataAction = (query: MetadataQuery) => Promise<Answer>;

/** Entries by name. */
export interface MetadataFolder {
  readonly kind: "folder";
  readonly entries: ReadonlyMap<string, MetadataNode>;
  /** Whether people chose the names, so that JSON has them as they are. */
  readonly chosen: boolean;
}

/** A value of the metadata server, or a folder of values. */
export type MetadataNode =
  | MetadataFolder
  | { readonly kind: "text"; readonly value: string }
  /** Digits, which may be more than a number of JavaScript holds. */
  | { readonly kind: "digits"; readonly value: string }
  | { readonly kind: "list"; readonly values: readonly string[]; readonly alt: "json" | "text" }
  | { readonly kind: "action"; readonly run: MetadataAction };

/** A node that is there without being made. */
export type MetadataValue = Exclude<MetadataNode, { kind: "action" }>;

/** Makes a folder of what is there: entries that are undefined are left out. */
export function folder(
  entries: Readonly<Record<string, MetadataNode | undefined>>,
  { chosen = false }: { readonly chosen?: boolean } = {},
): MetadataFolder {
  const present = Object.entries(entries).filter(
    (entry): entry is [string, MetadataNode] => entry[1] !== undefined,
  );
  return { kind: "folder", entries: new Map(present), chosen };
}

/** Makes a value of text. */
export function text(value: string): MetadataValue {
  return { kind: "text", value };
}

/** Makes a value of digits. */
export function digits(value: string): MetadataValue {
  return { kind: "digits", value };
}

/** Makes a list, which is lines of text unless something else is said. */
export function list(values: readonly string[], alt: "json" | "text" = "text"): MetadataValue {
  return { kind: "list", values, alt };
}
