import { createSentrySource, sentryStreams } from "@decant/sentry-source";
import { sentryClient } from "../config/sentry-access.ts";
import { askServer } from "./ask-server.ts";
import type { ChosenServer, ServerFlags } from "./choose-server.ts";
import type { TokenReport } from "./describe-token.ts";
import { missingScopes } from "./missing-scopes.ts";

/** A token, and the server that it is for. */
export interface InspectOptions {
  readonly token: string;
  readonly server: ChosenServer;
  readonly flags: ServerFlags;
}

/**
 * Finds out what a token is good for.
 *
 * @throws {DecantError} `SENTRY_TOKEN_INVALID`, `SENTRY_TOKEN_KIND`, or what the server has against it.
 */
export async function inspectToken({ token, server, flags }: InspectOptions): Promise<TokenReport> {
  const { url, files } = server;
  // Of a kind that cannot read anything it is refused before anybody sees it.
  createSentrySource({ url, token, allowInsecureHttp: flags["allow-insecure-http"] });
  const client = await sentryClient(server, { files, header: flags.header });
  const facts = await askServer({ url, token, ...client });
  const missing = facts.scopes ? missingScopes(facts.scopes, sentryStreams) : [];
  return { url, ...facts, missing };
}
