import type { AuthEntry, OptionValue } from "@decant/core";
import type { Provided } from "../plugins/registry.ts";
import type { TokenFormat } from "../plugins/token-formats.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { parseDuration } from "../text/parse-duration.ts";
import { formatToken } from "./format-token.ts";
import { openProvider } from "./open-provider.ts";

/** What the flags of `print-token` said. */
export interface PrintTokenOptions {
  readonly given: Readonly<Record<string, OptionValue>>;
  /** Each may hold several, with commas between them. */
  readonly scopes: readonly string[];
  readonly audience: string | undefined;
  readonly minTtl: string | undefined;
  readonly format: TokenFormat;
  /** Whether a token of another run will do, and this one is kept. */
  readonly cache: boolean;
}

/** Asks a provider for a token and writes it to standard output. */
export async function printToken(
  provided: Provided<AuthEntry>,
  { given, scopes, audience, minTtl, format, cache }: PrintTokenOptions,
): Promise<void> {
  const names = scopes.flatMap((text) => text.split(/[\s,]+/)).filter(Boolean);
  const ttl = minTtl === undefined ? undefined : parseDuration(minTtl);
  const provider = await openProvider(provided, { given, cache });
  const token = await provider.getToken({
    ...(names.length > 0 ? { scopes: names } : {}),
    ...(audience === undefined ? {} : { audience }),
    ...(ttl === undefined ? {} : { minTtlMs: ttl }),
  });
  await writeStdout(`${formatToken(token, format)}\n`);
}
