import { join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { readEnv } from "./read-env.ts";

/** Where the tokens of a provider are kept: equal identities of two providers need not mean the same. */
export function tokenFolder(provider: string): string {
  return join(cacheFolder(readEnv), "tokens", provider);
}
