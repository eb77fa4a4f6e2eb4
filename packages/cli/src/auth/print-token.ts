import type { AuthEntry, OptionValue } from "@decant/core";
import { createFetch } from "../http/create-fetch.ts";
import { loadProvider } from "../plugins/load-plugin.ts";
import type { tokenFormats } from "../plugins/print-token-flags.ts";
import type { Provided } from "../plugins/registry.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { parseDuration } from "../text/parse-duration.ts";
import { createAuthContext } from "./create-auth-context.ts";
import { formatToken } from "./format-token.ts";

/** What the flags of `print-token` said. */
export interface PrintTokenOptions {
  readonly given: Readonly<Record<string, OptionValue>>;
  /** Each may hold several, with commas between them. */
  readonly scopes: readonly string[];
  readonly audience: string | undefined;
  readonly minTtl: string | undefined;
  readonly format: (typeof tokenFormats)[number];
}

/** Asks a provider for a token and writes it to standard output. */
export async function printToken(
  provided: Provided<AuthEntry>,
  { given, scopes, audience, minTtl, format }: PrintTokenOptions,
): Promise<void> {
  const names = scopes.flatMap((text) => text.split(/[\s,]+/)).filter(Boolean);
  const ttl = minTtl === undefined ? undefined : parseDuration(minTtl);
  const plugin = await loadProvider(provided);
  const context = createAuthContext({ specs: provided.entry.options ?? {}, given });
  const provider = await plugin.open({ ...context, fetch: await createFetch(context.env) });
  const token = await provider.getToken({
    ...(names.length > 0 ? { scopes: names } : {}),
    ...(audience === undefined ? {} : { audience }),
    ...(ttl === undefined ? {} : { minTtlMs: ttl }),
  });
  await writeStdout(`${formatToken(token, format)}\n`);
}
