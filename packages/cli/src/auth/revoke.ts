import { type AuthEntry, DecantError, escapeControls } from "@decant/core";
import type { Provided } from "../plugins/registry.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import type { ExplainOptions } from "./explain.ts";
import { openProvider } from "./open-provider.ts";

/**
 * Takes a provider's credential back, and removes all tokens that were kept.
 *
 * @throws {DecantError} `REVOKE_UNSUPPORTED`, or what the provider refuses.
 */
export async function revoke(
  provided: Provided<AuthEntry>,
  { given, json }: Pick<ExplainOptions, "given" | "json">,
): Promise<void> {
  const provider = await openProvider(provided, { given, cache: true });
  if (!provider.revoke) {
    throw new DecantError(
      "REVOKE_UNSUPPORTED",
      `Cannot revoke a credential of "${provided.name}": it knows no way to`,
      { kind: "usage", hint: "Take it back where it was made." },
    );
  }
  const { kind, source, principal } = (await provider.explain?.()) ?? {};
  await provider.revoke({});
  if (json) {
    const revoked = { revoked: true, kind, source, principal };
    await writeStdout(`${JSON.stringify(revoked, undefined, 2)}\n`);
    return;
  }
  const whose = principal === undefined ? "the credential" : `the credential of ${principal}`;
  // A server keeps nothing of it.
  const isFile = source !== undefined && !/^https?:/.test(source);
  const where = isFile ? `, which is still in ${source}` : "";
  process.stderr.write(`Revoked ${escapeControls(whose + where)}\n`);
}
