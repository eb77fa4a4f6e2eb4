import { join } from "node:path";
import { cacheFolder } from "../config/cache-folder.ts";
import { readEnv } from "../config/read-env.ts";

/** Where the recipe of a call is kept. */
export function recipePath(callName: string): string {
  return join(cacheFolder(readEnv), "recall", callName);
}
