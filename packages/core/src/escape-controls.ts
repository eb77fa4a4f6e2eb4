/**
 * All that moves the cursor, changes the terminal or hides what is there: control, format and
 * surrogate characters, line and paragraph separators. The two joiners stay, as emoji and several
 * scripts need them and they only touch their neighbours.
 */
const unsafe = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Makes text from outside harmless to a terminal and to a line of a log: each character that could
 * steer or hide something is shown as an escape, such as `\n`, `\x1b` or `\u202e`. The set covers
 * the control characters of ECMA-48 and those that turn the direction of text (Unicode TR 36, 3.1).
 *
 * @param text Any text, also with lone surrogates.
 * @returns Text of one line. Given that, it gives it back as it is.
 *
 * @example
 * ```ts
 * import { escapeControls } from "@decant/core";
 *
 * escapeControls("a\u001b[2Jb"); // a\x1b[2Jb
 * ```
 */
export function escapeControls(text: string): string {
  return text.replace(unsafe, (character) => short[character] ?? escapeOne(character));
}

function escapeOne(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}
