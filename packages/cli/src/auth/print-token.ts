import type { AuthEntry } from "@decant/core";
import type { Provided } from "../plugins/registry.ts";
import type { TokenFormat } from "../plugins/token-formats.ts";
import { handOut } from "./hand-out.ts";
import { type RequestTokenOptions, requestToken } from "./request-token.ts";

/** What the flags of `print-token` said. */
export interface PrintTokenOptions extends RequestTokenOptions {
  readonly format: TokenFormat;
  /** A file for the header, instead of standard output. */
  readonly headerFile: string | undefined;
}

/** Asks a provider for a token and writes it to standard output. */
export async function printToken(
  provided: Provided<AuthEntry>,
  { format, headerFile, ...request }: PrintTokenOptions,
): Promise<void> {
  await handOut(await requestToken(provided, request), { format, headerFile });
}
