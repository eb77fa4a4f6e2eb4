import { concatBytes } from "@decant/core";
import { escapeJson } from "./escape-json.ts";
import { script, style } from "./page-assets.ts";
import { writeStamp } from "./page-stamp.ts";
import type { Summary } from "./summarize.ts";

const encoder = new TextEncoder();

/**
 * Writes the page. Whatever came from the server is in it as JSON alone, which the page's own script
 * puts into texts; no other script runs, and nothing is fetched, as the policy has the hashes of just
 * these two.
 *
 * @param position What the page is made of.
 * @returns The page in UTF-8.
 */
export async function renderPage({ report, rows }: Summary, position: string): Promise<Uint8Array> {
  const policy = [
    "default-src 'none'",
    `script-src '${await hashOf(script)}'`,
    `style-src '${await hashOf(style)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const head = encoder.encode(
    `${writeStamp(position)}<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="decant">
<link rel="icon" href="data:,">
<title>${escapeHtml(report.title)}</title>
<style>${style}</style>
</head>
<body>
<noscript><p>This page shows an export of decant. It needs JavaScript, and no network.</p></noscript>
<div id="page"></div>
<script type="application/json" id="report">${escapeJson(JSON.stringify(report))}</script>
`,
  );
  const tail = encoder.encode(`<script>${script}</script>\n</body>\n</html>\n`);
  return concatBytes([head, ...rows.flatMap(writeRows), tail]);
}

/** The rows of a stream, in a block that is read apart from the rest. */
function writeRows(rows: readonly Uint8Array[], index: number): Uint8Array[] {
  const start = encoder.encode(`<script type="application/json" id="rows-${index}">[\n`);
  const between = rows.flatMap((row, at) => (at > 0 ? [comma, row] : [row]));
  return [start, ...between, encoder.encode("\n]</script>\n")];
}

const comma = encoder.encode(",\n");

/** The hash of a script or style as a policy names it: https://www.w3.org/TR/CSP3/#hash-source */
async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(text));
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}

function escapeHtml(text: string): string {
  return text.toWellFormed().replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
