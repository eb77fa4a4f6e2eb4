import type { Token } from "@decant/core";
import type { TokenFormat } from "../plugins/token-formats.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { formatToken } from "./format-token.ts";
import { writePrivateFile } from "./write-private-file.ts";

/** Where a token goes, and in which form. */
export interface HandOutOptions {
  readonly format: TokenFormat;
  /** A file for the header, instead of standard output. */
  readonly headerFile: string | undefined;
}

/** Writes a token to standard output, or as a header to a file for its owner. */
export async function handOut(token: Token, { format, headerFile }: HandOutOptions): Promise<void> {
  if (headerFile === undefined) await writeStdout(`${formatToken(token, format)}\n`);
  else await writePrivateFile(headerFile, `${formatToken(token, "header")}\n`);
}
