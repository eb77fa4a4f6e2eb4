import { createHash } from "node:crypto";
import type { CachedRequest } from "@decant/token-cache/read-cached";
import type { TokenFormat } from "../plugins/token-formats.ts";
import { digestFile } from "./digest-file.ts";

/** How a call came to its token, for the next one that is equal. It holds no token. */
export interface Recipe {
  /** The name of the auth provider. */
  readonly provider: string;
  /** What it called its credential. */
  readonly identity: string;
  readonly request: CachedRequest & { readonly minTtlMs?: number };
  readonly format: TokenFormat;
}

/** What was in each file that was looked at, by path, as `digestFile()` gives it. */
export type Contents = ReadonlyMap<string, string | null>;

/**
 * Writes a recipe as text. It names the files that decided; what was in them is in one hash over
 * all, with the recipe and the name of its call, so that no short text in one of them can be guessed.
 */
export function formatRecipe(name: string, recipe: Recipe, contents: Contents): string {
  const json = JSON.stringify({ ...recipe, files: [...contents.keys()] });
  return `${seal(name, json, contents)}\n${json}\n`;
}

/** Reads a recipe, or nothing where it is another call's, is damaged, or a file is not as it was. */
export function parseRecipe(name: string, text: string): Recipe | undefined {
  const [sealed, json, rest, ...more] = text.split("\n");
  if (json === undefined || rest !== "" || more.length > 0) return undefined;
  const { files, ...recipe } = JSON.parse(json) as Recipe & { readonly files: readonly string[] };
  const contents = new Map<string, string | null>();
  for (const path of files) {
    const found = digestFile(path);
    if (found === undefined) return undefined;
    contents.set(path, found);
  }
  return seal(name, json, contents) === sealed ? recipe : undefined;
}

function seal(name: string, json: string, contents: Contents): string {
  const hash = createHash("sha256").update(`decant-recipe 1\n${name}\n${json}\n`);
  return hash.update(JSON.stringify([...contents])).digest("hex");
}
