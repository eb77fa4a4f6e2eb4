import { resolve, sep } from "node:path";
import type { AuthContext, AuthEntry, TokenProvider } from "@decant/core";
import type { Provided } from "../plugins/registry.ts";
import type { TokenFormat } from "../plugins/token-formats.ts";
import { currentCallName, isPassing } from "./call-name.ts";
import { createWatch } from "./create-watch.ts";
import { installedContents } from "./installed-contents.ts";
import { keepRecipe } from "./keep-recipe.ts";
import { keptToken } from "./kept-token.ts";
import { type Contents, formatRecipe, type Recipe } from "./recipe.ts";

/** Takes note of how a call comes to its token. */
export interface CallRecorder {
  /** Makes a context that does the same, and is watched. */
  opening(context: AuthContext): AuthContext;
  /** Ends the watch, and makes a provider that does the same, of one that keeps its tokens. */
  opened(provider: TokenProvider): TokenProvider;
  /** Lets equal calls print the same token without opening the provider, as long as it is kept. */
  printed(format: TokenFormat): Promise<void>;
}

/**
 * Begins to take note. A kept token is chosen by the provider's identity and the request alone, so
 * what was read until the provider was open is all that decides.
 *
 * @param provided The provider, before it is loaded.
 * @param installed The files that decide which plugin gives what. Absent: nothing is noted.
 */
export function recordCall(
  provided: Provided<AuthEntry>,
  installed: readonly string[] | undefined,
): CallRecorder {
  const name = currentCallName();
  const watch = createWatch();
  let read: Contents | undefined;
  let identity: string | undefined;
  let request: Recipe["request"] | undefined;

  return {
    opening: watch.begin,
    opened(provider) {
      read = watch.end();
      identity = provider.identity;
      if (identity === undefined) return provider;
      return {
        ...provider,
        getToken(asked) {
          request = { ...withoutSignal(asked), kind: "access" };
          return provider.getToken(asked);
        },
        ...(provider.getIdToken && {
          getIdToken(asked) {
            request = { ...withoutSignal(asked), kind: "id" };
            return provider.getIdToken!(asked);
          },
        }),
      };
    },
    async printed(format) {
      if (name === undefined || !installed || isUnsteady(provided)) return;
      if (!read || identity === undefined || !request) return;
      const recipe = { provider: provided.name, identity, request, format };
      if (!keptToken(recipe)) return;
      const module = resolve(provided.root, provided.entry.module);
      const decided = installedContents([...installed, module]);
      if (decided)
        await keepRecipe(name, formatRecipe(name, recipe, new Map([...decided, ...read])));
    },
  };
}

function withoutSignal<T extends { readonly signal?: AbortSignal }>({
  signal: _,
  ...request
}: T): Omit<T, "signal"> {
  return request;
}

/** Whether its code may change while its package.json stays, or it goes by what is no part of a call. */
function isUnsteady({ builtIn, root, entry }: Provided<AuthEntry>): boolean {
  const isWorkingCopy = !builtIn && !root.includes(`${sep}node_modules${sep}`);
  const variables = Object.values(entry.options ?? {}).map(({ env }) => env);
  return (
    isWorkingCopy || variables.some((variable) => variable !== undefined && isPassing(variable))
  );
}
