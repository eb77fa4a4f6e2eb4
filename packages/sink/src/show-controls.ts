/**
 * All that moves the cursor, changes the terminal or hides what is there: control, format and
 * surrogate characters, line and paragraph separators. The two joiners stay, as emoji and several
 * scripts need them and they only touch their neighbours.
 */
const unsafe = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Shows each unsafe character as an escape, such as `\n`, `\x1b` or `\u202e`. */
export function showControls(text: string): string {
  return text.replace(unsafe, (character) => short[character] ?? escapeOne(character));
}

function escapeOne(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}
