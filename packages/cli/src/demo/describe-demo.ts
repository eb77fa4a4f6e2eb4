import { escapeControls, type Token } from "@decant/core";
import { shortPath } from "../export/choose-place.ts";
import { commandLine } from "../text/command-line.ts";

/** What the demo did. */
export interface DemoResult {
  readonly destination: string;
  readonly state: string;
  /** None where the output cannot be read back. */
  readonly rows: readonly string[];
  readonly token: Token;
  /** The width to cut rows to. */
  readonly columns: number;
}

/** Tells what the demo did, and how to do it in earnest. */
export function describeDemo({ destination, state, rows, token, columns }: DemoResult): string {
  const cut = (text: string) => {
    const characters = [...escapeControls(text)];
    return characters.length <= columns
      ? characters.join("")
      : `${characters.slice(0, Math.max(columns - 1, 0)).join("")}…`;
  };
  const kept = rows.length > 0;
  const end = token.expiresAt ? `, until ${token.expiresAt.toISOString()}` : "";
  return [
    "",
    ...(kept ? [`The first rows of ${shortPath(destination)}:`, ...rows.map(cut), ""] : []),
    `A token for ${escapeControls(token.principal ?? "the service account")}${end}:`,
    cut(token.value),
    "",
    ...(kept ? ["Next, check this export:", `  ${commandLine("verify", shortPath(state))}`] : []),
    "Then with your own Sentry and Google:",
    "  export SENTRY_AUTH_TOKEN=...   (scopes org:read, project:read, event:read)",
    `  ${commandLine("export", "sentry", "https://YOUR-ORG.sentry.io/issues/ISSUE/", "--output", "events.ndjson")}`,
    `  ${commandLine("auth", "gcp", "print-token", "--key-file", "key.json")}`,
  ].join("\n");
}
