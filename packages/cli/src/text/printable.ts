// Control characters, and those that turn the direction of text around (Unicode TR 36, 3.1). A line
// break is one of them: what comes from outside stays on its line.
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Makes text from outside harmless to a terminal: what could steer it is shown as an escape. */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return `\\u{${code}}`;
  });
}
