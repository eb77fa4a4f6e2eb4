import type { AuthEntry } from "@decant/core";
import type { Provided } from "../plugins/registry.ts";
import type { TokenFormat } from "../plugins/token-formats.ts";
import { recordCall } from "../recall/record-call.ts";
import { handOut } from "./hand-out.ts";
import { type RequestTokenOptions, requestToken } from "./request-token.ts";

/** What the flags of `print-token` said. */
export interface PrintTokenOptions extends Omit<RequestTokenOptions, "recorder"> {
  readonly format: TokenFormat;
  /** A file for the header, instead of standard output. */
  readonly headerFile: string | undefined;
  /** The files that decide which plugin gives what. Absent: it is not sure. */
  readonly installed: readonly string[] | undefined;
}

/** Asks a provider for a token and writes it to standard output. */
export async function printToken(
  provided: Provided<AuthEntry>,
  { format, headerFile, installed, ...request }: PrintTokenOptions,
): Promise<void> {
  const recorder = recordCall(provided, installed);
  await handOut(await requestToken(provided, { ...request, recorder }), { format, headerFile });
  if (headerFile === undefined) await recorder.printed(format);
}
