/** Something wrong, and where. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Prints what a check found, one `file:line: message` each, and sets the exit code. */
export function report(check: string, findings: readonly Finding[]): void {
  for (const { file, line, message } of findings) {
    console.error(`${file}:${line}: ${message}`);
  }
  if (findings.length > 0) {
    console.error(`\n${check}: ${findings.length} found`);
    process.exitCode = 1;
  } else {
    console.log(`${check}: nothing found`);
  }
}

/** The number of the first line with a text in it, or 1. */
export function lineOf(text: string, needle: string): number {
  return Math.max(1, text.split("\n").findIndex((line) => line.includes(needle)) + 1);
}
