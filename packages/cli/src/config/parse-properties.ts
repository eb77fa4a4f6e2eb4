/**
 * Reads a file of Java properties: `key = value` or `key: value` lines, comments that begin with `#` or `!`,
 * lines that go on behind a backslash, and escapes.
 *
 * Source: https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html#load-java.io.Reader-
 *
 * @returns Values by key.
 */
export function parseProperties(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const [, key = "", value = ""] =
      /^((?:\\.|[^\\\s=:])*)(?:\s*[=:]\s*|\s+|$)(.*)$/s.exec(line) ?? [];
    if (key !== "") values.set(decode(key), decode(value).trimEnd());
  }
  return values;
}

/** Lines without comments, with those that a backslash joins as one. */
function logicalLines(text: string): readonly string[] {
  const lines: string[] = [];
  let begun: string | undefined;
  for (const raw of text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/)) {
    const line = raw.trimStart();
    if (begun === undefined && (line === "" || /^[#!]/.test(line))) continue;
    const whole: string = (begun ?? "") + line;
    const [slashes = ""] = /\\*$/.exec(whole) ?? [];
    if (slashes.length % 2 === 1) begun = whole.slice(0, -1);
    else {
      lines.push(whole);
      begun = undefined;
    }
  }
  return begun === undefined ? lines : [...lines, begun];
}

const controls: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f" };

function decode(text: string): string {
  return text.replace(/\\(?:u([0-9a-f]{4})|(.))/gis, (_, hex?: string, other?: string) =>
    hex === undefined
      ? (controls[other!] ?? other!)
      : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
