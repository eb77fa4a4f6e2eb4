import type { AuthContext } from "@decant/core";
import { isPassing } from "./call-name.ts";
import { digest, digestFile, isMissing } from "./digest-file.ts";
import type { Contents } from "./recipe.ts";

/** Takes note of what a provider goes by. */
export interface Watch {
  /** Makes a context that does the same, and is watched. */
  begin(context: AuthContext): AuthContext;
  /**
   * Ends the watch.
   *
   * @returns The files that were read. Nothing where something was used that can change unseen, such
   * as the network, the clock or a command.
   */
  end(): Contents | undefined;
}

/** Watches what a provider goes by while it is opened. */
export function createWatch(): Watch {
  const contents = new Map<string, string | null>();
  let pending = 0;
  let unsure = false;

  function note(path: string, found: string | null | undefined): void {
    // As it will be read the next time, and as it was before.
    if (found === undefined || found !== digestFile(path)) unsure = true;
    else if (contents.has(path) && contents.get(path) !== found) unsure = true;
    else contents.set(path, found);
  }

  async function readWatched(context: AuthContext, path: string): Promise<Uint8Array> {
    pending += 1;
    try {
      const bytes = await context.readFile(path);
      note(path, digest(bytes));
      return bytes;
    } catch (error) {
      note(path, isMissing(error) ? null : undefined);
      throw error;
    } finally {
      pending -= 1;
    }
  }

  function readProperty(context: AuthContext, name: keyof AuthContext): unknown {
    const value: unknown = Reflect.get(context, name);
    if (name === "options" || value === undefined) return value;
    if (name === "readFile") return (path: string) => readWatched(context, path);
    if (typeof value !== "function") {
      unsure = true;
      return value;
    }
    return (...args: unknown[]) => {
      // All variables are part of a call, but for some.
      if (name !== "env" || isPassing(String(args[0]))) unsure = true;
      return Reflect.apply(value, context, args);
    };
  }

  return {
    begin: (context) =>
      new Proxy(context, {
        get: (target, name) => readProperty(target, name as keyof AuthContext),
      }),
    end: () => (unsure || pending > 0 ? undefined : new Map(contents)),
  };
}
