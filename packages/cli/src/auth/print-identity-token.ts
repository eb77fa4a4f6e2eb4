import { type AuthEntry, DecantError, type IdTokenRequest } from "@decant/core";
import type { Provided } from "../plugins/registry.ts";
import { recordCall } from "../recall/record-call.ts";
import { parseDuration } from "../text/parse-duration.ts";
import { handOut } from "./hand-out.ts";
import { openProvider } from "./open-provider.ts";
import type { PrintTokenOptions } from "./print-token.ts";

/** What the flags of `print-identity-token` said. */
export interface PrintIdentityTokenOptions extends Omit<PrintTokenOptions, "scopes" | "audience"> {
  readonly audience: string;
  /** What the claims tell: of the machine, too, and of its licences. */
  readonly claims: Pick<IdTokenRequest, "format" | "licenses">;
}

/**
 * Asks a provider for an identity token and writes it to standard output.
 *
 * @throws {DecantError} `ID_TOKEN_UNSUPPORTED`.
 */
export async function printIdentityToken(
  provided: Provided<AuthEntry>,
  { given, audience, claims, minTtl, cache, installed, ...output }: PrintIdentityTokenOptions,
): Promise<void> {
  const ttl = minTtl === undefined ? undefined : parseDuration(minTtl);
  const recorder = recordCall(provided, installed);
  const provider = await openProvider(provided, { given, cache, recorder });
  const token = await provider.getIdToken?.({
    audience,
    ...claims,
    ...(ttl === undefined ? {} : { minTtlMs: ttl }),
  });
  if (!token) {
    throw new DecantError(
      "ID_TOKEN_UNSUPPORTED",
      `Cannot get an identity token of "${provided.name}": it has none`,
      { kind: "usage", hint: `Use "decant auth ${provided.name} print-token" for another token.` },
    );
  }
  await handOut(token, output);
  if (output.headerFile === undefined) await recorder.printed(output.format);
}
