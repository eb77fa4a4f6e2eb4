import {
  type AuthEntry,
  DecantError,
  type Explanation,
  isDecantError,
  type OptionValue,
  type TokenProvider,
} from "@decant/core";
import { loadProvider } from "../plugins/load-plugin.ts";
import type { Provided } from "../plugins/registry.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { type CredentialCheck, checkCredential } from "./check-credential.ts";
import { createAuthContext } from "./create-auth-context.ts";
import { formatExplanation } from "./format-explanation.ts";
import { openProvider } from "./open-provider.ts";

/** What the flags of `explain` said. */
export interface ExplainOptions {
  readonly given: Readonly<Record<string, OptionValue>>;
  readonly json: boolean;
  /** Whether the server is asked for a token, to see whether the credential works. */
  readonly check: boolean;
}

/**
 * Writes what is known of a provider's credential, without asking any server unless that is wanted.
 *
 * @throws {DecantError} `EXPLAIN_UNSUPPORTED`, or what the provider finds wrong with the credential.
 */
export async function explain(
  provided: Provided<AuthEntry>,
  { given, json, check }: ExplainOptions,
): Promise<void> {
  const provider = check
    ? await openProvider(provided, { given, cache: false })
    : await openOffline(provided, given);
  const explanation = await provider.explain?.();
  if (!explanation) {
    throw new DecantError(
      "EXPLAIN_UNSUPPORTED",
      `Cannot explain "${provided.name}": it does not tell of its credential`,
      { kind: "usage", hint: `Use "decant auth ${provided.name} print-token --format json".` },
    );
  }
  if (!check) return await write({ explanation, json });
  try {
    await write({ explanation, json, checked: await checkCredential(provider) });
  } catch (error) {
    if (isDecantError(error) && error.code !== "OUTPUT_CLOSED") {
      const { code, message } = error;
      await write({ explanation, json, checked: { works: false, code, message } });
    }
    throw error;
  }
}

/** Not only a promise of the provider's: there is no network to be had. */
async function openOffline(
  provided: Provided<AuthEntry>,
  given: ExplainOptions["given"],
): Promise<TokenProvider> {
  const plugin = await loadProvider(provided);
  const { name, entry } = provided;
  const context = createAuthContext({ specs: entry.options ?? {}, given, provider: name });
  const fetch = async () => Promise.reject(new TypeError("explain asks no server"));
  return await plugin.open({ ...context, fetch });
}

interface Written {
  readonly explanation: Explanation;
  readonly json: boolean;
  readonly checked?: CredentialCheck;
}

async function write({ explanation, json, checked }: Written): Promise<void> {
  const text = json
    ? JSON.stringify({ ...explanation, ...(checked && { check: checked }) }, undefined, 2)
    : formatExplanation(explanation, checked);
  await writeStdout(`${text}\n`);
}
