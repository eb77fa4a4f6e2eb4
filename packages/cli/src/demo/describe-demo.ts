import { escapeControls, type Token } from "@decant/core";
import { shortPath } from "../export/choose-place.ts";
import { commandLine } from "../text/command-line.ts";

/** What the demo did. */
export interface DemoResult {
  readonly destination: string;
  readonly rows: readonly string[];
  readonly token: Token;
  /** The width to cut rows to. */
  readonly columns: number;
}

/** Tells what the demo did, and how to do it in earnest. */
export function describeDemo({ destination, rows, token, columns }: DemoResult): string {
  const cut = (text: string) => {
    const characters = [...escapeControls(text)];
    return characters.length <= columns
      ? characters.join("")
      : `${characters.slice(0, Math.max(columns - 1, 0)).join("")}…`;
  };
  const file = shortPath(destination);
  const end = token.expiresAt ? `, until ${token.expiresAt.toISOString()}` : "";
  return [
    "",
    `The first rows of ${file}:`,
    ...rows.map(cut),
    "",
    `A token for ${escapeControls(token.principal ?? "the service account")}${end}:`,
    cut(token.value),
    "",
    "Next, check this export:",
    `  ${commandLine("verify", `${file}.decant`)}`,
    "Then with your own Sentry and Google:",
    "  export SENTRY_AUTH_TOKEN=...   (scopes org:read, project:read, event:read)",
    `  ${commandLine("export", "sentry", "https://YOUR-ORG.sentry.io/issues/ISSUE/", "--output", "events.ndjson")}`,
    `  ${commandLine("auth", "gcp", "print-token", "--key-file", "key.json")}`,
  ].join("\n");
}
