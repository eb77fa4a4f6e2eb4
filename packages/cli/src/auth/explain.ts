import { type AuthEntry, DecantError, type OptionValue } from "@decant/core";
import { loadProvider } from "../plugins/load-plugin.ts";
import type { Provided } from "../plugins/registry.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { createAuthContext } from "./create-auth-context.ts";
import { formatExplanation } from "./format-explanation.ts";

/** What the flags of `explain` said. */
export interface ExplainOptions {
  readonly given: Readonly<Record<string, OptionValue>>;
  readonly json: boolean;
}

/**
 * Writes what is known of a provider's credential, without asking any server.
 *
 * @throws {DecantError} `EXPLAIN_UNSUPPORTED`, or what the provider finds wrong with the credential.
 */
export async function explain(
  provided: Provided<AuthEntry>,
  { given, json }: ExplainOptions,
): Promise<void> {
  const plugin = await loadProvider(provided);
  const { name, entry } = provided;
  const context = createAuthContext({ specs: entry.options ?? {}, given, provider: name });
  // Not only a promise of the provider's: there is no network to be had.
  const fetch = async () => Promise.reject(new TypeError("explain asks no server"));
  const explanation = await (await plugin.open({ ...context, fetch })).explain?.();
  if (!explanation) {
    throw new DecantError(
      "EXPLAIN_UNSUPPORTED",
      `Cannot explain "${provided.name}": it does not tell of its credential`,
      { kind: "usage", hint: `Use "decant auth ${provided.name} print-token --format json".` },
    );
  }
  const text = json ? JSON.stringify(explanation, undefined, 2) : formatExplanation(explanation);
  await writeStdout(`${text}\n`);
}
