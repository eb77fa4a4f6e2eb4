import { escapeControls } from "@decant/core";

const longest = 200;

/**
 * Makes text of a server fit for a message: one line, nothing that steers a terminal, not long, and
 * none of what was sent, since a server may send that back. Runs as long as a token's are cut too.
 *
 * @param text Any text.
 * @param secrets What must not be shown.
 */
export function cleanText(text: string, secrets: readonly string[] = []): string {
  const forms = secrets.flatMap((secret) => [
    ...[secret, encodeURIComponent(secret), `${new URLSearchParams({ s: secret })}`.slice(2)],
  ]);
  let cleaned = text;
  for (const form of forms) if (form.length > 3) cleaned = cleaned.replaceAll(form, "...");
  return escapeControls(cleaned.replace(/\s+/g, " "))
    .replace(/[\w.~+/=-]{40,}/g, "...")
    .trim()
    .slice(0, longest);
}
