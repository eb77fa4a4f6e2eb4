import type { HelperEntry } from "@decant/core";
import { DecantError } from "@decant/core";
import type { RequestTokenOptions } from "../auth/request-token.ts";
import { isHostPattern } from "./match-host.ts";

/** What the flags of a credential helper said. */
export interface HelperOptions extends RequestTokenOptions {
  /** What the other program wants, such as `get`. */
  readonly action: string;
  /** Hosts that get tokens besides those that the provider's data names. */
  readonly hosts: readonly string[];
}

/**
 * Gives all hosts that get tokens.
 *
 * @throws {DecantError} `HOST_INVALID` for what names none.
 */
export function helperHosts({ hosts }: HelperEntry, more: readonly string[]): readonly string[] {
  for (const text of more) {
    if (isHostPattern(text)) continue;
    throw new DecantError("HOST_INVALID", `Cannot give tokens to "${text}": it names no host`, {
      kind: "usage",
      hint: "Give a host such as git.example.com, one with a port, or *.example.com.",
    });
  }
  return [...hosts, ...more];
}
