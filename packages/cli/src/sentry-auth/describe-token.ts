import type { TokenFacts } from "./ask-server.ts";
import type { MissingScope } from "./missing-scopes.ts";

/** What is known of a token, besides the token. */
export interface TokenReport extends TokenFacts {
  readonly url: string;
  readonly missing: readonly MissingScope[];
}

/** Says whom a token stands for and what it may do, in rows of a table. */
export function describeToken(report: TokenReport): readonly (readonly [string, string])[] {
  const { url, user, organizations, more, scopes, missing } = report;
  const orgs = [...organizations, ...(more ? ["and more"] : [])].join(", ");
  return [
    ["server", url],
    ["user", user ?? "the server does not say"],
    ["organisations", orgs || "none that it can list"],
    ["scopes", scopes?.join(" ") ?? "the server does not say"],
    ...missing.map(({ scope, streams }) => ["lacks", `${scope}, for ${shorten(streams)}`] as const),
  ];
}

function shorten(streams: readonly string[]): string {
  const shown = streams.slice(0, 5).join(", ");
  return streams.length > 5 ? `${shown} and ${streams.length - 5} more streams` : shown;
}
