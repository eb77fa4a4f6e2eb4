/**
 * Splits a command line into its words: blanks part them, quotation marks hold blanks, as in Google's
 * own libraries. No shell is asked, so that nothing else has a meaning.
 */
export function splitCommand(command: string): string[] {
  const words = command.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  return words.map((word) => (/^"[^"]*"$/.test(word) ? word.slice(1, -1) : word));
}
