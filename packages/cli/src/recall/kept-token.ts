import type { Token } from "@decant/core";
import { readCached } from "@decant/token-cache/read-cached";
import { tokenFolder } from "../config/token-folder.ts";
import type { Recipe } from "./recipe.ts";

/** Reads the token that a recipe leads to, where it is kept and lives long enough. */
export function keptToken({ provider, identity, request }: Recipe): Token | undefined {
  const { minTtlMs } = request;
  return readCached(identity, request, {
    folder: tokenFolder(provider),
    ...(process.getuid && { uid: process.getuid() }),
    ...(minTtlMs !== undefined && { minTtlMs }),
  });
}
