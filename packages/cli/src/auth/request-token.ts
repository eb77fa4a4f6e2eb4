import type { AuthEntry, OptionValue, Token } from "@decant/core";
import type { Provided } from "../plugins/registry.ts";
import type { CallRecorder } from "../recall/record-call.ts";
import { parseDuration } from "../text/parse-duration.ts";
import { openProvider } from "./open-provider.ts";

/** Which token is wanted. */
export interface RequestTokenOptions {
  /** The provider's own options. */
  readonly given: Readonly<Record<string, OptionValue>>;
  readonly scopes?: readonly string[];
  readonly audience?: string | undefined;
  readonly minTtl: string | undefined;
  /** Whether a token of another run will do, and this one is kept. */
  readonly cache: boolean;
  readonly recorder?: CallRecorder;
}

/** Opens a provider and gets a token of it. */
export async function requestToken(
  provided: Provided<AuthEntry>,
  { given, scopes = [], audience, minTtl, cache, recorder }: RequestTokenOptions,
): Promise<Token> {
  const minTtlMs = minTtl === undefined ? undefined : parseDuration(minTtl);
  const provider = await openProvider(provided, { given, cache, recorder });
  return await provider.getToken({
    ...(scopes.length > 0 ? { scopes } : {}),
    ...(audience === undefined ? {} : { audience }),
    ...(minTtlMs === undefined ? {} : { minTtlMs }),
  });
}
