import { isDecantError } from "@decant/core";
import type { Effects } from "./effects.ts";

/** How {@linkcode readText} reads. */
export interface ReadTextOptions {
  readonly effects: Pick<Effects, "readFile">;
  /** Makes the error, of why the file cannot be read. */
  fail(state: string, code: string | undefined): Error;
}

const states: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "it may not be read",
  EPERM: "it may not be read",
};

/** Reads a text file. */
export async function readText(path: string, options: ReadTextOptions): Promise<string> {
  const { readFile } = options.effects;
  if (!readFile) throw options.fail("no way to read files was given", undefined);
  try {
    return new TextDecoder().decode(await readFile(path));
  } catch (error) {
    throw fileError(error, options.fail);
  }
}

/** Says why a file cannot be read, without what else the error of the host holds. */
export function fileError(error: unknown, fail: ReadTextOptions["fail"]): Error {
  // A host that refuses a file says why.
  if (isDecantError(error)) return error;
  const { code } = Object(error) as { code?: unknown };
  const name = typeof code === "string" ? code : undefined;
  return fail(states[name ?? ""] ?? name ?? "unknown reason", name);
}
